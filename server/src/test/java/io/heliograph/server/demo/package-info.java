@NullMarked
package io.heliograph.server.demo;

import org.jspecify.annotations.NullMarked;
