package dev.firn.event;

import java.math.BigDecimal;

/** Events about a conversation and its messages; a message's role is {@code user}, {@code assistant}, {@code system} or {@code tool}. */
public final class ConversationEvents extends ActionBuilder<ConversationEvents> {
    private ConversationEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static ConversationEvents started(String tenantId, String conversationId) {
        return new ConversationEvents("conversation.started", tenantId, conversationId);
    }

    public static ConversationEvents renamed(String tenantId, String conversationId) {
        return new ConversationEvents("conversation.renamed", tenantId, conversationId);
    }

    public static ConversationEvents archived(String tenantId, String conversationId) {
        return new ConversationEvents("conversation.archived", tenantId, conversationId);
    }

    public static ConversationEvents deleted(String tenantId, String conversationId) {
        return new ConversationEvents("conversation.deleted", tenantId, conversationId);
    }

    public static ConversationEvents messageSent(
            String tenantId, String conversationId, String messageId, String role) {
        return new ConversationEvents("conversation.message_sent", tenantId, conversationId)
                .attribute("message_id", messageId)
                .attribute("role", role);
    }

    public ConversationEvents title(String title) {
        return attribute("title", title);
    }

    public ConversationEvents model(String model) {
        return attribute("model", model);
    }

    public ConversationEvents text(String text) {
        return attribute("text", text);
    }

    public ConversationEvents parentMessageId(String parentMessageId) {
        return attribute("parent_message_id", parentMessageId);
    }

    public ConversationEvents tokens(long tokens) {
        return attribute("tokens", tokens);
    }

    /** US dollars, below 10^8, at most 10 digits behind the point. */
    public ConversationEvents costUsd(BigDecimal costUsd) {
        return attribute("cost_usd", costUsd);
    }

    public ConversationEvents cached(boolean cached) {
        return attribute("cached", cached);
    }

    /** Milliseconds. */
    public ConversationEvents latencyMs(long latencyMs) {
        return attribute("latency_ms", latencyMs);
    }
}
