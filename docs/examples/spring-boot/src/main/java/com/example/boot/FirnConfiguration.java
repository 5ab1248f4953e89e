package com.example.boot;

import dev.firn.embedded.DuckDb;
import dev.firn.embedded.Firn;
import dev.firn.embedded.FirnConfig;
import dev.firn.ingest.EventClient;
import dev.firn.ingest.IngestConfig;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Firn as two beans: the one that is started and closed, and the client that everything else needs. */
@Configuration(proxyBeanMethods = false)
class FirnConfiguration {
    @Bean(destroyMethod = "close")
    Firn firn(FirnSettings settings, MeterRegistry meters) {
        IngestConfig ingest = IngestConfig.builder(
                        settings.directory().resolve("journals").resolve(settings.journal()))
                .backPressure(settings.backPressure())
                .emitTimeout(settings.emitTimeout())
                .minFreeBytes(settings.minFreeSpace().toBytes())
                .meterRegistry(meters)
                .build();
        return Firn.start(
                FirnConfig.builder(ingest, DuckDb.file(settings.directory().resolve("warehouse.duckdb")))
                        .closeTimeout(settings.closeTimeout())
                        .build());
    }

    /** Closed by its owner. */
    @Bean(destroyMethod = "")
    EventClient eventClient(Firn firn) {
        return firn.client();
    }
}
