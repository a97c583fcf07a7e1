package io.heliograph.eventlog;

class LocalBusTest extends BusContract {
    private final LocalBus bus = new LocalBus();

    @Override
    Bus open() {
        // One process is one node.
        return bus;
    }
}
