@NullMarked
package io.heliograph.server.workspaces;

import org.jspecify.annotations.NullMarked;
