package org.amacrine.sinks.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {

    private static Access access(String host, String viewToken) {
        return new Access(
                new DashboardSettings(host, 8080, "steer", viewToken, List.of("Lab.example"), null, "", 1_000_000));
    }

    private static Access.Role role(Access access, String uri, String... headers) {
        HttpHeaders all = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return access.role(uri, all);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, /, VIEWER",
        "localhost:8080, /, VIEWER",
        "[::1]:8080, /, VIEWER",
        "[0:0:0:0:0:0:0:1]:8080, /, VIEWER",
        "127.0.0.2:8080, /, VIEWER",
        "LocalHost:8080, /, VIEWER",
        "127.0.0.1:8080, /?token=%zz, VIEWER",
        "[fe80::1]:8080, /, FORBIDDEN",
        "0.0.0.0:8080, /, FORBIDDEN",
        "lab.example, /, VIEWER",
        "LAB.example:8080, /, VIEWER",
        "127.0.0.1:8080, /?token=steer, CONTROL",
        "127.0.0.1:8080, /?token=stee, VIEWER",
        "evil.example:8080, /?token=steer, FORBIDDEN",
        "127.0.0.1.evil.example, /, FORBIDDEN",
        "192.168.1.5:8080, /, FORBIDDEN"
    })
    void shouldLetThisComputerSeeWithoutAToken(String host, String uri, Access.Role expected) {
        assertEquals(expected, role(access("127.0.0.1", ""), uri, "Host", host));
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.5:8080, /, UNKNOWN",
        "192.168.1.5:8080, /?token=look, VIEWER",
        "192.168.1.5:8080, /?token=steer, CONTROL",
        "192.168.1.5:8080, /?token=other, UNKNOWN",
        "192.168.1.5:8080, /?token=%zz, UNKNOWN",
        "[fe80::1]:8080, /?token=look, VIEWER",
        "lab.example:8080, /?token=look, VIEWER",
        "evil.example, /?token=steer, FORBIDDEN"
    })
    void shouldAskOthersForAToken(String host, String uri, Access.Role expected) {
        assertEquals(expected, role(access("0.0.0.0", "look"), uri, "Host", host));
    }

    @Test
    void shouldTakeATokenFromAHeader() {
        Access access = access("127.0.0.1", "");

        assertEquals(Access.Role.CONTROL, role(access, "/", "Host", "localhost", "Authorization", "Bearer steer"));
        assertEquals(Access.Role.VIEWER, role(access, "/", "Host", "localhost", "Authorization", "Bearer look"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, CONTROL",
        "https://localhost:8080, CONTROL",
        "http://localhost:9090, FORBIDDEN",
        "http://evil.example, FORBIDDEN",
        "null, FORBIDDEN",
        "no address at all, FORBIDDEN"
    })
    void shouldRefusePagesFromElsewhere(String origin, Access.Role expected) {
        Access access = access("127.0.0.1", "");

        assertEquals(expected, role(access, "/?token=steer", "Host", "localhost:8080", "Origin", origin));
    }

    @Test
    void shouldRefuseRequestsWithoutAHost() {
        assertEquals(Access.Role.FORBIDDEN, role(access("127.0.0.1", ""), "/?token=steer"));
    }

    @Test
    void shouldMakeTokensThatNobodyKnows() {
        DashboardSettings open = new DashboardSettings("0.0.0.0", 0, "", "", List.of(), null, "", 1_000_000);
        Access one = new Access(open);
        Access other = new Access(open);

        assertEquals(32, one.controlToken().length());
        assertNotEquals(one.controlToken(), other.controlToken());
        assertNotEquals(one.controlToken(), one.viewToken());
        assertNull(new Access(DashboardSettings.local(0)).viewToken());
    }

    @Test
    void shouldSayThatAHostIsNoAddress() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> access("no such host", ""))
                .getMessage()
                .startsWith("host must be an address of this computer but was \"no such host\""));
    }
}
