package dev.firn.event;

import org.jspecify.annotations.Nullable;

/** Events about a query. */
public final class QueryEvents extends ActionBuilder<QueryEvents> {
    private QueryEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static QueryEvents submitted(String tenantId, String queryId) {
        return new QueryEvents("query.submitted", tenantId, queryId);
    }

    public static QueryEvents executed(String tenantId, String queryId) {
        return new QueryEvents("query.executed", tenantId, queryId);
    }

    public static QueryEvents rejected(String tenantId, String queryId) {
        return new QueryEvents("query.rejected", tenantId, queryId);
    }

    public QueryEvents template(String template) {
        return attribute("template", template);
    }

    public QueryEvents params(@Nullable Object params) {
        return attribute("params", params);
    }

    public QueryEvents rows(long rows) {
        return attribute("rows", rows);
    }

    public QueryEvents bytes(long bytes) {
        return attribute("bytes", bytes);
    }

    /** Milliseconds. */
    public QueryEvents runtimeMs(long runtimeMs) {
        return attribute("runtime_ms", runtimeMs);
    }

    public QueryEvents queryTag(String queryTag) {
        return attribute("query_tag", queryTag);
    }

    public QueryEvents reason(String reason) {
        return attribute("reason", reason);
    }
}
