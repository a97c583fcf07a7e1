@NullMarked
package io.heliograph.server.audit;

import org.jspecify.annotations.NullMarked;
