package com.example.boot;

import dev.firn.ingest.BackPressure;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings {@code firn.*}.
 *
 * @param directory    the data directory; made if missing
 * @param journal      this application's journal in it; two instances must not share one
 * @param backPressure what becomes of an event for which there is no room
 * @param emitTimeout  longest wait of a request for room
 * @param minFreeSpace below so much free space no event is taken
 * @param closeTimeout longest time for what is left at the end
 */
@ConfigurationProperties("firn")
public record FirnSettings(
        @DefaultValue("firn-data") Path directory,
        @DefaultValue("boot") String journal,
        @DefaultValue("WAIT") BackPressure backPressure,
        @DefaultValue("200ms") Duration emitTimeout,
        @DefaultValue("256MB") DataSize minFreeSpace,
        @DefaultValue("20s") Duration closeTimeout) {}
