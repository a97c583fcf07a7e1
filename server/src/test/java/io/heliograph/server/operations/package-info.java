@NullMarked
package io.heliograph.server.operations;

import org.jspecify.annotations.NullMarked;
