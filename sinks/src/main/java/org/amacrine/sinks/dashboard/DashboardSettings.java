package org.amacrine.sinks.dashboard;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a dashboard is and who may use it.
 *
 * @param host address it listens on; anything but a loopback address needs tokens to see
 * @param port port; 0 for any free one
 * @param controlToken allows steering; empty for a random one
 * @param viewToken allows seeing; empty for none on a loopback address and a random one elsewhere
 * @param names host names it is known by, besides its address
 * @param keyStore PKCS#12 file with the certificate for TLS; null for none
 * @param keyStorePassword password of the file
 * @param bytesPerSecond what a viewer is sent at most
 */
public record DashboardSettings(
        String host,
        int port,
        String controlToken,
        String viewToken,
        List<String> names,
        Path keyStore,
        String keyStorePassword,
        long bytesPerSecond) {

    /** Port of a dashboard. */
    public static final int DEFAULT_PORT = 8080;

    /** Enough for four streams of 640 x 480 bytes, 60 times a second. */
    public static final long DEFAULT_BYTES_PER_SECOND = 100_000_000;

    /** Copies the list. */
    public DashboardSettings {
        names = List.copyOf(names);
    }

    /** On the loopback address, with a random control token. */
    public static DashboardSettings local(int port) {
        return new DashboardSettings("127.0.0.1", port, "", "", List.of(), null, "", DEFAULT_BYTES_PER_SECOND);
    }
}
