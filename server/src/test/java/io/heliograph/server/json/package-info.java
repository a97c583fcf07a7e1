@NullMarked
package io.heliograph.server.json;

import org.jspecify.annotations.NullMarked;
