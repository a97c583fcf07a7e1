@NullMarked
package io.heliograph.server.approvals;

import org.jspecify.annotations.NullMarked;
