package dev.firn.event;

import org.jspecify.annotations.Nullable;

/** Events about a budget, {@code cost:2026-03} or {@code tokens:2026-03-11}; a level is {@code WARNING}, {@code CRITICAL} or {@code EXCEEDED}. */
public final class BudgetEvents extends ActionBuilder<BudgetEvents> {
    private BudgetEvents(String action, String tenantId, String objectId) {
        super(action, tenantId, objectId);
    }

    public static BudgetEvents alertRaised(String tenantId, String budget, String level) {
        return new BudgetEvents("budget.alert_raised", tenantId, budget).attribute("level", level);
    }

    public static BudgetEvents alertAcknowledged(String tenantId, String budget, String level) {
        return new BudgetEvents("budget.alert_acknowledged", tenantId, budget).attribute("level", level);
    }

    public static BudgetEvents holdPlaced(String tenantId, String budget, String level) {
        return new BudgetEvents("budget.hold_placed", tenantId, budget).attribute("level", level);
    }

    public static BudgetEvents holdLifted(String tenantId, String budget, String level) {
        return new BudgetEvents("budget.hold_lifted", tenantId, budget).attribute("level", level);
    }

    public BudgetEvents usedPct(double usedPct) {
        return attribute("used_pct", usedPct);
    }

    public BudgetEvents limit(@Nullable Object limit) {
        return attribute("limit", limit);
    }

    public BudgetEvents message(String message) {
        return attribute("message", message);
    }
}
