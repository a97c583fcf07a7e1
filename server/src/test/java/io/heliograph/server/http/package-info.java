@NullMarked
package io.heliograph.server.http;

import org.jspecify.annotations.NullMarked;
