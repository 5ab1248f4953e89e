package dev.firn.sink.snowpipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.snowflake.ingest.streaming.SFException;
import dev.firn.upload.SinkException;
import dev.firn.upload.SinkException.Remedy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client that cannot be made means to an uploader, and says to an operator. */
class ConnectingTest {
    private static SFException error(String name) {
        return new SFException(name, "row said secret", 409, "Conflict");
    }

    @Test
    void aNativeLibraryThatDoesNotLoadIsForAnOperator() {
        SinkException failure =
                SnowpipeSink.failure("cannot connect", new ExceptionInInitializerError(new UnsatisfiedLinkError("no")));

        assertThat(failure.remedy()).isEqualTo(Remedy.STOP);
        assertThat(failure).hasMessageContaining("glibc 2.25").hasMessageContaining("java.io.tmpdir=");
    }

    @ParameterizedTest
    @CsvSource({
        "SfApiAuthError, STOP",
        "SfApiUserError, STOP",
        "InvalidClientError, RECREATE",
        "SfApiPipeFailedOverError, RECREATE",
        "HttpRetryableClientError, RETRY",
        "SomethingNew, REOPEN"
    })
    void anErrorOfConnectingHasItsRemedy(String name, Remedy remedy) {
        assertThat(SnowpipeSink.failure("cannot connect", error(name)).remedy()).isEqualTo(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "ReceiverSaturated, RETRY",
        "MemoryThresholdExceeded, RETRY",
        "MemoryThresholdExceededInContainer, RETRY",
        "InvalidChannelError, REOPEN",
        "ClosedChannelError, REOPEN",
        "ClosedClientError, RECREATE"
    })
    void anErrorOfAppendingHasItsRemedyAndSpeaksOfNoContent(String name, Remedy remedy) {
        SinkException failure = Failures.of("append failed", error(name));

        assertThat(failure.remedy()).isEqualTo(remedy);
        assertThat(failure)
                .hasMessage("append failed error=" + name + " http=409")
                .hasNoCause();
    }
}
