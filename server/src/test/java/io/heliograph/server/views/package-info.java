/** Tests of saved views. */
@NullMarked
package io.heliograph.server.views;

import org.jspecify.annotations.NullMarked;
