@NullMarked
package io.heliograph.server.notifications;

import org.jspecify.annotations.NullMarked;
