package dev.firn.event;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Events about calls of a language model. A function is {@code complete}, {@code embed}, {@code search}, {@code sentiment}, {@code summarize} or {@code execute_sql}. */
public final class CortexEvents extends ActionBuilder<CortexEvents> {
    private CortexEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static CortexEvents completed(
            String tenantId,
            String requestId,
            String function,
            String model,
            long promptTokens,
            long completionTokens) {
        return new CortexEvents("cortex.completed", tenantId, requestId)
                .attribute("function", function)
                .attribute("model", model)
                .attribute("prompt_tokens", promptTokens)
                .attribute("completion_tokens", completionTokens);
    }

    public static CortexEvents failed(
            String tenantId,
            String requestId,
            String function,
            String model,
            long promptTokens,
            long completionTokens) {
        return new CortexEvents("cortex.failed", tenantId, requestId)
                .attribute("function", function)
                .attribute("model", model)
                .attribute("prompt_tokens", promptTokens)
                .attribute("completion_tokens", completionTokens);
    }

    public static CortexEvents cacheStored(
            String tenantId,
            String requestId,
            String promptSha256,
            String paramsSha256,
            String model,
            long ttlSeconds) {
        return new CortexEvents("cortex.cache_stored", tenantId, requestId)
                .attribute("prompt_sha256", promptSha256)
                .attribute("params_sha256", paramsSha256)
                .attribute("model", model)
                .attribute("ttl_s", ttlSeconds);
    }

    public static CortexEvents cacheCleared(String tenantId, String requestId) {
        return new CortexEvents("cortex.cache_cleared", tenantId, requestId);
    }

    /** Of the prompt tokens, those read from the provider's cache. */
    public CortexEvents cachedTokens(long cachedTokens) {
        return attribute("cached_tokens", cachedTokens);
    }

    /** Of the prompt tokens, those written to the provider's cache. */
    public CortexEvents cacheWriteTokens(long cacheWriteTokens) {
        return attribute("cache_write_tokens", cacheWriteTokens);
    }

    public CortexEvents compressionSavedTokens(long compressionSavedTokens) {
        return attribute("compression_saved_tokens", compressionSavedTokens);
    }

    /** US dollars, below 10^8, at most 10 digits behind the point. Where absent, the views compute it from the price in force. */
    public CortexEvents costUsd(BigDecimal costUsd) {
        return attribute("cost_usd", costUsd);
    }

    public CortexEvents credits(BigDecimal credits) {
        return attribute("credits", credits);
    }

    /** Whether our own prompt cache answered. */
    public CortexEvents cacheHit(boolean cacheHit) {
        return attribute("cache_hit", cacheHit);
    }

    /** Milliseconds. */
    public CortexEvents latencyMs(long latencyMs) {
        return attribute("latency_ms", latencyMs);
    }

    public CortexEvents queryType(String queryType) {
        return attribute("query_type", queryType);
    }

    public CortexEvents queryTag(String queryTag) {
        return attribute("query_tag", queryTag);
    }

    public CortexEvents warehouse(String warehouse) {
        return attribute("warehouse", warehouse);
    }

    public CortexEvents conversationId(String conversationId) {
        return attribute("conversation_id", conversationId);
    }

    public CortexEvents sessionId(String sessionId) {
        return attribute("session_id", sessionId);
    }

    public CortexEvents promptSha256(String promptSha256) {
        return attribute("prompt_sha256", promptSha256);
    }

    public CortexEvents paramsSha256(String paramsSha256) {
        return attribute("params_sha256", paramsSha256);
    }

    /** The beginning of the prompt, 200 characters at most. */
    public CortexEvents promptPreview(String promptPreview) {
        return attribute("prompt_preview", promptPreview);
    }

    public CortexEvents error(String error) {
        return attribute("error", error);
    }

    public CortexEvents response(@Nullable Object response) {
        return attribute("response", response);
    }
}
