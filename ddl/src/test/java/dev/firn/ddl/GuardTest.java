package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each guard makes of one JSON value; an empty result is NULL. */
class GuardTest {
    private static Warehouse warehouse;

    @BeforeAll
    static void open() throws SQLException {
        warehouse = Warehouse.open();
    }

    @AfterAll
    static void close() throws SQLException {
        warehouse.close();
    }

    @ParameterizedTest(name = "{0}({1})")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "NULL",
            value = {
                "TEXT | \"a\" | a",
                "TEXT | \"{'x': 1}\" | {'x': 1}",
                "TEXT | \"[1, 2]\" | [1, 2]",
                "TEXT | {\"x\":1} | ``",
                "TEXT | [1,2] | ``",
                "TEXT | [] | ``",
                "TEXT | {} | ``",
                "TEXT | null | ``",
                "TEXT | 17 | 17",
                "TEXT | true | true",
                "FLAG | true | true",
                "FLAG | \"false\" | false",
                "FLAG | \"TRUE\" | ``",
                "FLAG | 1 | ``",
                "FLAG | [true] | ``",
                "WHOLE_NUMBER | 0 | 0",
                "WHOLE_NUMBER | \"007\" | 7",
                "WHOLE_NUMBER | 999999999999 | 999999999999",
                "WHOLE_NUMBER | 1000000000000 | ``",
                "WHOLE_NUMBER | -1 | ``",
                "WHOLE_NUMBER | 1.5 | ``",
                "WHOLE_NUMBER | \"1_000\" | ``",
                "WHOLE_NUMBER | \"0x10\" | ``",
                "WHOLE_NUMBER | \" 1\" | ``",
                "WHOLE_NUMBER | \"1\\n\" | ``",
                "WHOLE_NUMBER | \"\" | ``",
                "WHOLE_NUMBER | true | ``",
                "WHOLE_NUMBER | [1] | ``",
                "MONEY | \"0.0000000001\" | 0.0000000001",
                "MONEY | \"99999999.9999999999\" | 99999999.9999999999",
                "MONEY | \"100000000\" | ``",
                "MONEY | \"0.00000000001\" | ``",
                "MONEY | \"1e-5\" | ``",
                "MONEY | \"1e-05\" | ``",
                "MONEY | 0.00001 | 0.0000100000",
                "MONEY | 0.0000012345 | 0.0000012345",
                "MONEY | 0.00000123456 | ``",
                "MONEY | 0.1 | 0.1000000000",
                "MONEY | 12 | 12.0000000000",
                "MONEY | 1e300 | ``",
                "MONEY | \"-1\" | ``",
                "MONEY | \"+1\" | ``",
                "MONEY | \".5\" | ``",
                "MONEY | \"5.\" | ``",
                "MONEY | \"1,5\" | ``",
                "MONEY | \"NaN\" | ``",
                "MONEY | \"infinity\" | ``",
                "MONEY | {\"usd\":1} | ``",
                "SIGNED_MONEY | \"-1.5\" | -1.5000000000",
                "SIGNED_MONEY | -0.00001 | -0.0000100000",
                "SIGNED_MONEY | \"--1\" | ``",
                "UTC_TIME | \"2026-02-28T23:59:59Z\" | 2026-02-28 23:59:59.0",
                "UTC_TIME | \"2026-02-28T23:59:59.1234569Z\" | 2026-02-28 23:59:59.123456",
                "UTC_TIME | \"9999-12-31T23:59:59.999999Z\" | 9999-12-31 23:59:59.999999",
                "UTC_TIME | \"2026-02-29T00:00:00Z\" | ``",
                "UTC_TIME | \"2026-01-01T24:00:00Z\" | ``",
                "UTC_TIME | \"2026-01-01T23:59:60Z\" | ``",
                "UTC_TIME | \"0000-01-01T00:00:00Z\" | ``",
                "UTC_TIME | \"2026-01-01T00:00:00\" | ``",
                "UTC_TIME | \"2026-01-01T00:00:00+02:00\" | ``",
                "UTC_TIME | \"2026-01-01t00:00:00z\" | ``",
                "UTC_TIME | \"2026-01-01 00:00:00Z\" | ``",
                "UTC_TIME | \"2026-01-01\" | ``",
                "UTC_TIME | \"infinity\" | ``",
                "UTC_TIME | \"now\" | ``",
                "UTC_TIME | 1767225600 | ``"
            })
    void readsWhatIsReadable(String guard, String json, String expected) throws SQLException {
        String attribute = "CAST(CAST('{\"k\":" + json.replace("'", "''") + "}' AS JSON) AS VARIANT)['k']";

        assertThat(warehouse.rows("SELECT GUARD." + guard + "(" + attribute + ")"))
                .containsExactly(List.of(expected));
    }

    @ParameterizedTest
    @CsvSource({"TEXT", "FLAG", "WHOLE_NUMBER", "MONEY", "SIGNED_MONEY", "UTC_TIME"})
    void aKeyThatIsNotThereIsNull(String guard) throws SQLException {
        assertThat(warehouse.rows("SELECT GUARD." + guard + "(CAST(CAST('{}' AS JSON) AS VARIANT)['k']) IS NULL"))
                .containsExactly(List.of("true"));
    }
}
