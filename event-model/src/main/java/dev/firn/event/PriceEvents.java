package dev.firn.event;

import java.math.BigDecimal;
import java.time.Instant;

/** Events about the price of a model, in US dollars per million tokens; written for all tenants. */
public final class PriceEvents extends ActionBuilder<PriceEvents> {
    private PriceEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static PriceEvents set(String model, BigDecimal inputUsdPerMtok, BigDecimal outputUsdPerMtok) {
        return new PriceEvents("price.set", Event.SYSTEM_TENANT, model)
                .attribute("input_usd_per_mtok", inputUsdPerMtok)
                .attribute("output_usd_per_mtok", outputUsdPerMtok);
    }

    public PriceEvents cacheReadUsdPerMtok(BigDecimal cacheReadUsdPerMtok) {
        return attribute("cache_read_usd_per_mtok", cacheReadUsdPerMtok);
    }

    public PriceEvents cacheWriteUsdPerMtok(BigDecimal cacheWriteUsdPerMtok) {
        return attribute("cache_write_usd_per_mtok", cacheWriteUsdPerMtok);
    }

    /** From when on; since ever where absent. */
    public PriceEvents validFrom(Instant validFrom) {
        return attribute("valid_from", validFrom);
    }
}
