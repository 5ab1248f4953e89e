package dev.firn.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultTest {
    @Test
    void isReadFromText() {
        assertThat(Fault.parse("append-rows:refuse=503:times=2"))
                .isEqualTo(new Fault(Endpoint.APPEND_ROWS, 0, 2, new Fault.Refuse(503, "TOLD_TO")));
        assertThat(Fault.parse("append-rows:refuse=400,STALE:skip=5"))
                .isEqualTo(new Fault(Endpoint.APPEND_ROWS, 5, 1, new Fault.Refuse(400, "STALE")));
        assertThat(Fault.parse("classic-register:answer=10"))
                .isEqualTo(Fault.once(Endpoint.CLASSIC_REGISTER, new Fault.Answer(10)));
        assertThat(Fault.parse("query:lose-reply")).isEqualTo(Fault.once(Endpoint.QUERY, new Fault.LoseReply(0)));
        assertThat(Fault.parse("token:delay=250ms"))
                .isEqualTo(Fault.once(Endpoint.TOKEN, new Fault.Delay(Duration.ofMillis(250))));
    }

    @Test
    void malformedTextIsRefusedWithWhatWasExpected() {
        assertThatThrownBy(() -> Fault.parse("append-rows")).hasMessageContaining("ENDPOINT:EFFECT=VALUE");
        assertThatThrownBy(() -> Fault.parse("rows:refuse=503")).hasMessageContaining("endpoints=[hostname, token");
        assertThatThrownBy(() -> Fault.parse("query:explode=1"))
                .hasMessageContaining("refuse, answer, lose-reply or delay");
        assertThatThrownBy(() -> Fault.parse("query:refuse=200")).hasMessageContaining("400..599: value=200");
        assertThatThrownBy(() -> Fault.parse("query:refuse=503:times=x")).hasMessageContaining("times takes a number");
        assertThatThrownBy(() -> Fault.parse("query:delay=1s")).hasMessageContaining("takes milliseconds");
    }

    @Test
    void isUsedUpAfterItsTimesInTheOrderOfTheScript() {
        Faults faults = new Faults();
        faults.add(new Fault(Endpoint.QUERY, 1, 2, new Fault.Answer(7)));
        faults.add(Fault.once(Endpoint.QUERY, new Fault.Answer(8)));

        assertThat(faults.next(Endpoint.QUERY)).isNull();
        assertThat(faults.next(Endpoint.LOGIN)).isNull();
        assertThat(faults.next(Endpoint.QUERY)).isEqualTo(new Fault.Answer(7));
        assertThat(faults.next(Endpoint.QUERY)).isEqualTo(new Fault.Answer(7));
        assertThat(faults.next(Endpoint.QUERY)).isEqualTo(new Fault.Answer(8));
        assertThat(faults.next(Endpoint.QUERY)).isNull();
        assertThat(faults.requests(Endpoint.QUERY)).isEqualTo(5);
    }
}
