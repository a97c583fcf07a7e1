@NullMarked
package io.heliograph.server.storage;

import org.jspecify.annotations.NullMarked;
