package io.packstone.cli.setup;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads through a channel: unlike in a plain stream, a thread that waits in it can be interrupted. */
final class ProcessInput extends InputStream {
    private final FileChannel channel;

    private ProcessInput(FileInputStream input) {
        channel = input.getChannel();
    }

    /** Standard input. */
    static ProcessInput standard() {
        return new ProcessInput(new FileInputStream(FileDescriptor.in));
    }

    /** The terminal, or another device. */
    static ProcessInput of(File device) throws IOException {
        return new ProcessInput(new FileInputStream(device));
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return length == 0 ? 0 : channel.read(ByteBuffer.wrap(target, offset, length));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
