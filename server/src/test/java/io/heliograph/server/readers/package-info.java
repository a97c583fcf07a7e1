@NullMarked
package io.heliograph.server.readers;

import org.jspecify.annotations.NullMarked;
