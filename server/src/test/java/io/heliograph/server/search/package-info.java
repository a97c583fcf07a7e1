@NullMarked
package io.heliograph.server.search;

import org.jspecify.annotations.NullMarked;
