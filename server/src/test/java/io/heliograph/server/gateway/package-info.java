@NullMarked
package io.heliograph.server.gateway;

import org.jspecify.annotations.NullMarked;
