package dev.firn.event;

/** Events about a session of a user. */
public final class SessionEvents extends ActionBuilder<SessionEvents> {
    private SessionEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static SessionEvents started(String tenantId, String sessionId) {
        return new SessionEvents("session.started", tenantId, sessionId);
    }

    public static SessionEvents ended(String tenantId, String sessionId) {
        return new SessionEvents("session.ended", tenantId, sessionId);
    }

    public SessionEvents ipHash(String ipHash) {
        return attribute("ip_hash", ipHash);
    }

    public SessionEvents userAgent(String userAgent) {
        return attribute("user_agent", userAgent);
    }

    public SessionEvents reason(String reason) {
        return attribute("reason", reason);
    }
}
