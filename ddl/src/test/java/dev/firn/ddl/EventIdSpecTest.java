package dev.firn.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventIdSpecTest {
    private static final String PAYLOAD =
            "{\"action\":\"tenant.created\",\"actor_id\":\"admin\",\"attributes\":{\"daily_token_limit\":1000000,\"database_name\":\"HCS0001_DB\",\"monthly_cost_limit\":\"1000.00\",\"org_name\":\"Health Care System 1\",\"warehouse_name\":\"HCS0001_WH\"},\"object_id\":\"HCS0001\",\"object_type\":\"tenant\",\"occurred_at\":\"2025-11-02T08:00:00.000000Z\",\"tenant_id\":\"HCS0001\",\"v\":3}";

    @Test
    void bothFormulasGiveTheIdsOfTheTestVector() throws SQLException {
        try (Warehouse warehouse = Warehouse.open()) {
            warehouse.execute(
                    "INSERT INTO LANDING.RAW_EVENTS VALUES ('x', '2025-11-02', '2025-11-02 08:00:00', 'HCS0001', 'tenant.created', 'admin', 'tenant', 'HCS0001', '"
                            + PAYLOAD + "', 'APPLICATION', '2026-11-20 09:30:01.250', NULL, NULL)");
            String v3 = formula(warehouse, "v3");
            // The one word of the formula that DuckDB says in another way.
            String v2 = formula(warehouse, "v2")
                    .replace("TO_VARCHAR(", "strftime(")
                    .replace("YYYY-MM-DD\"T\"HH24:MI:SS.FF3", "%Y-%m-%dT%H:%M:%S.%g");

            assertThat(warehouse.rows("SELECT " + v3 + ", " + v2 + " FROM LANDING.RAW_EVENTS"))
                    .containsExactly(List.of(
                            "2ade78bd7c0d03d70c5757d9e91a238a3b4c10f122911eea6944c1fef1ec3f53",
                            "455602e141b53875736ea38c186ca0d6286ce749e782c3f90b652fcd5ea50bff"));
        }
    }

    private static String formula(Warehouse warehouse, String version) throws SQLException {
        return warehouse
                .rows("SELECT FORMULA FROM MCP.EVENT_ID_SPEC WHERE VERSION = '" + version + "'")
                .get(0)
                .get(0);
    }
}
