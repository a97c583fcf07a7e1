@NullMarked
package io.heliograph.server.web;

import org.jspecify.annotations.NullMarked;
