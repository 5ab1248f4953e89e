package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeZonesTest {
    @Test
    void everyZoneConvertsAndIsNamedOnce() throws SQLException {
        try (Warehouse warehouse = Warehouse.open()) {
            assertThat(warehouse.rows("""
                            SELECT COUNT(CONVERT_TIMEZONE('UTC', TIMEZONE, SYSDATE())) = COUNT(*), COUNT(DISTINCT NAME) = COUNT(*)
                            FROM TENANT_MANAGEMENT.TIME_ZONES""")).containsExactly(List.of("true", "true"));
            assertThat(warehouse.rows("SELECT TIMEZONE FROM TENANT_MANAGEMENT.TIME_ZONES"))
                    .extracting(row -> row.get(0))
                    .contains("UTC", "Europe/Berlin", "America/New_York")
                    .isSubsetOf(ZoneId.getAvailableZoneIds());
        }
    }
}
