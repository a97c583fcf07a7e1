/** A shop whose pages show every change of its orders. The way in is {@code ShopApplication}. */
@NullMarked
package io.heliograph.examples.shop;

import org.jspecify.annotations.NullMarked;
