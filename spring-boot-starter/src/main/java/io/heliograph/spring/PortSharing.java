package io.heliograph.spring;

/** Whether the web server's own port serves the sockets. */
interface PortSharing {
    boolean isShared();
}
