package dev.firn.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Lines as broken applications send them, one kind after the other. */
final class MalformedLines {
    private static final String[] KINDS = {
        "not JSON at all %d",
        "{\"tenant_id\":\"HCS0001\",\"action\":\"conversation.started\",\"n\":%d",
        "{\"tenant_id\":\"HCS0002\",\"action\":\"Conversation Started\",\"actor_id\":\"user-%d\",\"occurred_at\":\"2026-10-20T10:00:00Z\"}",
        "{\"tenant_id\":\"HCS0003\",\"action\":\"conversation.started\",\"actor_id\":\"user-%d\",\"occurred_at\":\"2026-10-20T10:00:00\"}",
        "{\"tenant_id\":\"HCS0004\",\"action\":\"conversation.started\",\"actor_id\":\"user-%d\",\"occurred_at\":\"2026-02-30T10:00:00Z\"}",
        "{\"tenant_id\":\"HCS0005\",\"action\":\"conversation.started\",\"actor_id\":null,\"occurred_at\":\"2026-10-20T10:00:00Z\",\"attributes\":{\"n\":%d}}",
        "{\"tenant_id\":\"HCS0006\",\"action\":\"conversation.started\",\"occurred_at\":\"2026-10-20T10:00:00Z\",\"attributes\":{\"n\":%d}}",
        "{\"tenant_id\":\"HCS0007\",\"action\":\"cortex.completed\",\"actor_id\":\"user-%d\",\"occurred_at\":\"2026-10-20T10:00:00Z\",\"attributes\":{\"id\":12345678901234567890}}",
        "{\"tenant_id\":\"HCS0008\",\"action\":\"cortex.completed\",\"actor_id\":\"user-%d\",\"occurred_at\":\"2026-10-20T10:00:00Z\",\"attributes\":{\"a\":1,\"a\":2}}",
        "{\"tenant_id\":\"HCS0009\",\"action\":\"cortex.completed\",\"actor_id\":\"user-%d\",\"occurred_at\":\"2026-10-20T10:00:00Z\",\"attribute\":{}}"
    };

    private int count;

    byte[] next() {
        return String.format(Locale.ROOT, KINDS[count % KINDS.length], count++).getBytes(StandardCharsets.UTF_8);
    }
}
