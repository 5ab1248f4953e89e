package dev.firn.ddl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of permissions for one tenant, written a second time and another way than the view: replays the events one after the
 * other, then lets effects spread along the inheritances until nothing changes.
 */
final class PermissionRules {
    /** A change; {@code id} breaks ties in time. Absent attributes are null. */
    record Change(
            String id,
            String verb,
            String principal,
            long at,
            @Nullable String permission,
            String scope,
            @Nullable String from,
            @Nullable String effect,
            @Nullable Long expiresAt) {}

    /** What is in force for one principal, permission and scope. */
    record InForce(
            String principal,
            String permission,
            String scope,
            String effect,
            String decidingId,
            long since,
            @Nullable Long until) {}

    private record Place(String principal, String permission, String scope) {}

    private record Held(Effect effect, Set<Change> roots) {}

    private enum Effect {
        GRANT,
        INHERIT,
        DENY
    }

    private final List<Change> grants = new ArrayList<>();
    private final List<Change> denials = new ArrayList<>();
    private final List<Change> links = new ArrayList<>();
    private final Map<String, List<Change>> setAside = new HashMap<>();

    private PermissionRules() {}

    static List<InForce> inForce(List<Change> changes, long now) {
        PermissionRules rules = new PermissionRules();
        changes.stream()
                .filter(change -> change.at() <= now)
                .sorted(Comparator.comparingLong(Change::at).thenComparing(Change::id))
                .forEach(rules::replay);
        return rules.spread(now);
    }

    private void replay(Change change) {
        switch (change.verb()) {
            case "granted" -> grants.add(change);
            case "denied" -> denials.add(change);
            case "inherited" -> links.add(change);
            case "inheritance_removed" ->
                links.removeIf(link -> place(link).equals(place(change))
                        && String.valueOf(link.from()).equals(change.from()));
            case "revoked" -> {
                if (!"deny".equals(change.effect())) {
                    grants.removeIf(grant -> place(grant).equals(place(change)));
                }
                if (!"grant".equals(change.effect())) {
                    denials.removeIf(denial -> place(denial).equals(place(change)));
                }
            }
            case "all_revoked" -> {
                // The entries stay in their lists, marked by each of these separately, for restored takes the mark away
                // again.
                List<Change> ended = setAside.computeIfAbsent(change.principal(), key -> new ArrayList<>());
                for (List<Change> entries : List.of(grants, links)) {
                    entries.stream().filter(entry -> concerns(change, entry)).forEach(ended::add);
                }
            }
            case "restored" -> setAside.remove(change.principal());
            default -> throw new IllegalArgumentException(change.verb());
        }
    }

    private static boolean concerns(Change allRevoked, Change entry) {
        return allRevoked.principal().equals("*") || allRevoked.principal().equals(entry.principal());
    }

    private List<InForce> spread(long now) {
        Set<Change> suspended = new HashSet<>();
        setAside.values().forEach(suspended::addAll);
        Map<Place, Held> held = new HashMap<>();
        for (Change grant : grants) {
            if (!suspended.contains(grant) && !expired(grant, now)) {
                add(held, place(grant), Effect.GRANT, Set.of(grant));
            }
        }
        for (Change denial : denials) {
            if (!expired(denial, now)) {
                add(held, place(denial), Effect.DENY, Set.of(denial));
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            // Denials first, so that nothing is passed on that a denial would have stopped.
            for (Effect effect : List.of(Effect.DENY, Effect.GRANT)) {
                for (Change link : links) {
                    Held source = held.get(
                            new Place(String.valueOf(link.from()), String.valueOf(link.permission()), link.scope()));
                    if (!suspended.contains(link)
                            && source != null
                            && (source.effect() == Effect.DENY) == (effect == Effect.DENY)) {
                        changed |= add(
                                held,
                                place(link),
                                effect == Effect.DENY ? Effect.DENY : Effect.INHERIT,
                                source.roots());
                    }
                }
                if (effect == Effect.DENY && changed) {
                    break;
                }
            }
        }
        List<InForce> result = new ArrayList<>();
        held.forEach((place, what) -> {
            Change decides = what.roots().stream()
                    .min(Comparator.comparingLong(Change::at).thenComparing(Change::id))
                    .orElseThrow();
            Long until = what.roots().stream().anyMatch(root -> root.expiresAt() == null)
                    ? null
                    : Long.valueOf(what.roots().stream()
                            .mapToLong(root -> root.expiresAt() == null ? 0 : root.expiresAt())
                            .max()
                            .orElseThrow());
            result.add(new InForce(
                    place.principal(),
                    place.permission(),
                    place.scope(),
                    what.effect().name(),
                    decides.id(),
                    decides.at(),
                    until));
        });
        return result;
    }

    /** Returns whether that changed anything: a stronger effect replaces a weaker one, an equal one adds its roots. */
    private static boolean add(Map<Place, Held> held, Place place, Effect effect, Set<Change> roots) {
        Held before = held.get(place);
        if (before == null || strength(effect) > strength(before.effect())) {
            held.put(place, new Held(effect, new HashSet<>(roots)));
            return true;
        }
        return before.effect() == effect && before.roots().addAll(roots);
    }

    private static int strength(Effect effect) {
        return switch (effect) {
            case INHERIT -> 1;
            case GRANT -> 2;
            case DENY -> 3;
        };
    }

    private static boolean expired(Change entry, long now) {
        return entry.expiresAt() != null && entry.expiresAt() <= now;
    }

    private static Place place(Change change) {
        return new Place(change.principal(), String.valueOf(change.permission()), change.scope());
    }
}
