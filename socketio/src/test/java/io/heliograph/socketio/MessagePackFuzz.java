package io.heliograph.socketio;

/**
 * Fuzz target: a message of a MessagePack client is a packet or malformed; every argument of a packet is there, and survives
 * being encoded and decoded again.
 */
final class MessagePackFuzz {

    private static final Parser PARSER = Parser.messagePack(ParserLimits.defaults());

    private MessagePackFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (PARSER.newDecoder().binary(data) instanceof Decoded.Complete complete) {
            PacketDecoderFuzz.check(PARSER, complete.packet());
        }
    }
}
