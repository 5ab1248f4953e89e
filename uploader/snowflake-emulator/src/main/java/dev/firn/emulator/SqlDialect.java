package dev.firn.emulator;

import dev.firn.ddl.Ddl;
import dev.firn.ddl.DdlObject;
import dev.firn.ddl.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what DuckDB is to do for a statement of Snowflake. Firn's own files are known by their text, and DuckDB
 * gets the file of the same object; other statements are translated. What it does not know it refuses, and names
 * it.
 */
final class SqlDialect {
    private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[A-Z_][A-Z0-9_$]*)";
    static final String QUALIFIED = NAME + "(?: \\. " + NAME + "){0,2}";
    private static final String LITERAL = "'(?:[^'\\\\]|''|\\\\.)*'";

    /** What CREATE TABLE says of how rows are kept, which DuckDB does in its own way. */
    private static final Pattern TABLE_CLAUSES = Pattern.compile("(?: ?(?:CLUSTER BY \\([^()]*\\)"
            + "|(?:DATA_RETENTION_TIME_IN_DAYS|MAX_DATA_EXTENSION_TIME_IN_DAYS) = [0-9]+"
            + "|(?:CHANGE_TRACKING|ERROR_LOGGING) = (?:TRUE|FALSE)"
            + "|COMMENT = " + LITERAL + "))*");

    private static final Pattern COLUMN_CLAUSES =
            Pattern.compile("(?: ?(?:(NOT NULL)|NULL|COMMENT " + LITERAL + "|PRIMARY KEY|UNIQUE))*");
    private static final Pattern VIEW_CLAUSES = Pattern.compile("(?: ?(?:COPY GRANTS|COMMENT = " + LITERAL + "))*");
    private static final Pattern CREATE_TABLE = Pattern.compile(
            "CREATE (?<replace>OR REPLACE )?(?:TRANSIENT )?TABLE (?<missing>IF NOT EXISTS )?(?<name>" + QUALIFIED
                    + ") (?<rest>\\(.*|AS (?:SELECT|WITH) .*)",
            Pattern.DOTALL);
    private static final Pattern CREATE_VIEW = Pattern.compile(
            "CREATE (?<replace>OR REPLACE )?(?:SECURE )?VIEW (?<missing>IF NOT EXISTS )?(?<name>" + QUALIFIED
                    + ") (?<rest>.*)",
            Pattern.DOTALL);
    private static final Pattern ROWS = Pattern.compile(
            "(?:(?<insert>INSERT INTO)|(?<update>UPDATE)|(?<delete>DELETE FROM)|(?<merge>MERGE INTO)|"
                    + "(?<truncate>TRUNCATE(?: TABLE)?(?: IF EXISTS)?)) (?<name>" + QUALIFIED + ")(?: .*)?",
            Pattern.DOTALL);

    private record Rule(Pattern pattern, Function<Matcher, SqlPlan> plan) {}

    private final Map<String, DdlObject> own = new HashMap<>();
    private final Map<String, DdlObject> twins;
    private final List<Rule> rules = new ArrayList<>();

    SqlDialect() {
        Ddl ddl = new Ddl();
        twins = ddl.objects(Engine.DUCKDB).stream()
                .collect(Collectors.toMap(DdlObject::qualifiedName, Function.identity()));
        for (DdlObject object : ddl.objects(Engine.SNOWFLAKE)) {
            if (twins.containsKey(object.qualifiedName())) {
                own.put(SqlText.of(object.statements().get(0)).plain(), object);
            }
        }
        addRules();
    }

    /** What a new database begins with: Snowflake's own schema, and the functions that DuckDB does not have. */
    static List<String> newDatabase() {
        List<String> statements = new ArrayList<>(List.of("CREATE SCHEMA IF NOT EXISTS PUBLIC"));
        new Ddl()
                .objects(Engine.DUCKDB).stream()
                        .filter(object -> object.kind() == DdlObject.Kind.PRELUDE)
                        .flatMap(object -> object.statements().stream())
                        .forEach(statements::add);
        return statements;
    }

    private void rule(String pattern, Function<Matcher, SqlPlan> plan) {
        rules.add(
                new Rule(Pattern.compile(pattern.replace("<QUALIFIED>", "(" + QUALIFIED + ")"), Pattern.DOTALL), plan));
    }

    private void addRules() {
        rule(
                "CREATE (?:TRANSIENT )?DATABASE (IF NOT EXISTS )?<QUALIFIED>",
                m -> new SqlPlan(SqlPlan.Kind.CREATE_DATABASE, m.group(2), "Database", m.group(1) != null, List.of()));
        rule(
                "CREATE (?:TRANSIENT )?SCHEMA (IF NOT EXISTS )?<QUALIFIED>",
                m -> new SqlPlan(SqlPlan.Kind.CREATE_SCHEMA, m.group(2), "Schema", m.group(1) != null, List.of()));
        rule(
                "CREATE WAREHOUSE (IF NOT EXISTS )?<QUALIFIED>(?: WITH)?(?: [A-Z_]+ = [A-Z0-9_]+| [A-Z_]+ = '[^']*')*",
                m -> new SqlPlan(
                        SqlPlan.Kind.CREATE_WAREHOUSE, m.group(2), "Warehouse", m.group(1) != null, List.of()));
        rule(
                "DROP (TABLE|VIEW) (IF EXISTS )?<QUALIFIED>",
                m -> new SqlPlan(
                        SqlPlan.Kind.DROP,
                        m.group(3),
                        m.group(1),
                        m.group(2) != null,
                        List.of("DROP " + m.group(1) + (m.group(2) == null ? " " : " IF EXISTS ") + m.group(3))));
        rule(
                "DROP SCHEMA (IF EXISTS )?<QUALIFIED>(?: CASCADE)?",
                m -> new SqlPlan(
                        SqlPlan.Kind.DROP,
                        m.group(2),
                        "SCHEMA",
                        m.group(1) != null,
                        List.of("DROP SCHEMA " + (m.group(1) == null ? "" : "IF EXISTS ") + m.group(2) + " CASCADE")));
        rule(
                "ALTER DYNAMIC TABLE <QUALIFIED> (?:ADD SEARCH OPTIMIZATION(?: ON .*)?|REFRESH)",
                m -> new SqlPlan(SqlPlan.Kind.ALTER, m.group(1), "TABLE", false, List.of()));
        rule(
                "ALTER SESSION SET ([A-Z_]+) = (" + LITERAL + "|[A-Z0-9_./+-]+(?: / [A-Z0-9_]+)*)",
                m -> new SqlPlan(SqlPlan.Kind.SET, m.group(2), m.group(1), false, List.of()));
        rule("ALTER SESSION UNSET ([A-Z_]+)", m -> new SqlPlan(SqlPlan.Kind.SET, "''", m.group(1), false, List.of()));
        rule(
                "USE (ROLE|WAREHOUSE|DATABASE|SCHEMA|SECONDARY ROLES) <QUALIFIED>",
                m -> new SqlPlan(SqlPlan.Kind.USE, m.group(2), m.group(1), false, List.of()));
        rule(
                "USE <QUALIFIED>",
                m -> new SqlPlan(
                        SqlPlan.Kind.USE,
                        m.group(1),
                        m.group(1).contains(" . ") ? "SCHEMA" : "DATABASE",
                        false,
                        List.of()));
        rule("(?:BEGIN|START)(?: TRANSACTION| WORK)?", m -> SqlPlan.of(SqlPlan.Kind.BEGIN, ""));
        rule("COMMIT(?: WORK)?", m -> SqlPlan.of(SqlPlan.Kind.COMMIT, ""));
        rule("ROLLBACK(?: WORK)?", m -> SqlPlan.of(SqlPlan.Kind.ROLLBACK, ""));
    }

    /**
     * @param scope resolves the names in statements that look into the catalogue
     * @throws SqlRefusal if the emulator does not know the statement
     */
    SqlPlan plan(SqlText text, ShowStatements.Scope scope) {
        String plain = text.plain();
        DdlObject object = own.get(plain);
        if (object != null) {
            return own(object, plain);
        }
        switch (text.tokens().get(0).text()) {
            case "SELECT", "WITH", "(" -> {
                return SqlPlan.query(text.forDuckDb(0, text.tokens().size()));
            }
            case "SHOW", "DESC", "DESCRIBE" -> {
                return ShowStatements.plan(plain, scope);
            }
            default -> {}
        }
        for (Rule rule : rules) {
            Matcher matcher = rule.pattern().matcher(plain);
            if (matcher.matches()) {
                return rule.plan().apply(matcher);
            }
        }
        SqlPlan plan = translated(text, plain);
        if (plan == null) {
            throw SqlRefusal.unknown("this statement: " + plain.substring(0, Math.min(80, plain.length())));
        }
        return plan;
    }

    private SqlPlan own(DdlObject object, String plain) {
        DdlObject twin = twins.get(object.qualifiedName());
        if (twin == null) {
            throw new IllegalStateException("both engines have the object: object=" + object.qualifiedName());
        }
        String what = switch (object.kind()) {
            case PRELUDE -> "Object";
            case FUNCTION -> "Function";
            case VIEW -> "View";
            case TABLE -> plain.startsWith("CREATE DYNAMIC") ? "Dynamic table" : "Table";
        };
        return new SqlPlan(
                SqlPlan.Kind.CREATE,
                object.schema() + " . " + object.name(),
                what,
                plain.contains(" IF NOT EXISTS "),
                twin.statements());
    }

    private static @Nullable SqlPlan translated(SqlText text, String plain) {
        Matcher table = CREATE_TABLE.matcher(plain);
        if (table.matches()) {
            return table(text, table);
        }
        Matcher view = CREATE_VIEW.matcher(plain);
        if (view.matches()) {
            return view(text, view);
        }
        Matcher rows = ROWS.matcher(plain);
        return rows.matches() ? rows(text, rows) : null;
    }

    private static SqlPlan rows(SqlText text, Matcher match) {
        String name = match.group("name");
        if (match.group("truncate") != null) {
            return SqlPlan.of(SqlPlan.Kind.DELETE, name, "DELETE FROM " + name);
        }
        SqlPlan.Kind kind = match.group("insert") != null
                ? SqlPlan.Kind.INSERT
                : match.group("update") != null
                        ? SqlPlan.Kind.UPDATE
                        : match.group("delete") != null ? SqlPlan.Kind.DELETE : SqlPlan.Kind.MERGE;
        return SqlPlan.of(kind, name, text.forDuckDb(0, text.tokens().size()));
    }

    private static String head(Matcher match, String what) {
        return "CREATE " + (match.group("replace") == null ? "" : "OR REPLACE ") + what
                + (match.group("missing") == null ? " " : " IF NOT EXISTS ") + match.group("name");
    }

    private static SqlPlan created(Matcher match, String what, String sql) {
        return new SqlPlan(
                SqlPlan.Kind.CREATE, match.group("name"), what, match.group("missing") != null, List.of(sql));
    }

    private static SqlPlan table(SqlText text, Matcher match) {
        List<SqlText.Token> tokens = text.tokens();
        int open = tokenAt(text, match.start("rest"));
        if (tokens.get(open).is("AS")) {
            return created(match, "Table", head(match, "TABLE") + ' ' + text.forDuckDb(open, tokens.size()));
        }
        int close = closing(tokens, open);
        require(TABLE_CLAUSES, text.plain(close + 1, tokens.size()));
        List<String> columns = new ArrayList<>();
        int from = open + 1;
        int depth = 0;
        for (int i = open + 1; i <= close; i++) {
            depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") && i < close ? -1 : 0;
            if (i == close || depth == 0 && tokens.get(i).is(",")) {
                if (!text.plain(from, i).matches("(?:PRIMARY KEY|UNIQUE|FOREIGN KEY|CONSTRAINT) .*")) {
                    columns.add(column(text, from, i));
                }
                from = i + 1;
            }
        }
        return created(match, "Table", head(match, "TABLE") + " (" + String.join(", ", columns) + ')');
    }

    /** Keys are not enforced in Snowflake, and not here. */
    private static String column(SqlText text, int from, int to) {
        int afterType = text.endOfType(from + 1);
        String type = SqlTypes.forDuckDb(text.tokens().get(from + 1).text(), text.plain(from + 2, afterType));
        Matcher clauses = require(COLUMN_CLAUSES, text.plain(afterType, to));
        SqlText.Token name = text.tokens().get(from);
        // Quoted, for it may be a reserved word of DuckDB's.
        return (name.kind() == SqlText.Kind.QUOTED ? name.text() : Session.quoted(name.text()))
                + ' '
                + type
                + (clauses.group(1) == null ? "" : " NOT NULL");
    }

    private static SqlPlan view(SqlText text, Matcher match) {
        List<SqlText.Token> tokens = text.tokens();
        int at = tokenAt(text, match.start("rest"));
        String columns = "";
        if (tokens.get(at).is("(")) {
            int close = closing(tokens, at);
            columns = text.plain(at, close + 1);
            at = close + 1;
        }
        int as = at;
        while (as < tokens.size() && !tokens.get(as).is("AS")) {
            as++;
        }
        require(VIEW_CLAUSES, text.plain(at, as));
        return created(match, "View", head(match, "VIEW") + ' ' + columns + ' ' + text.forDuckDb(as, tokens.size()));
    }

    private static Matcher require(Pattern clauses, String text) {
        Matcher matcher = clauses.matcher(text);
        if (!matcher.matches()) {
            throw SqlRefusal.unknown("all of these clauses: " + text);
        }
        return matcher;
    }

    /** The token that begins at a place of the plain text. */
    private static int tokenAt(SqlText text, int place) {
        int at = 0;
        for (int i = 0; i < text.tokens().size(); i++) {
            if (at == place) {
                return i;
            }
            at += text.tokens().get(i).text().length() + 1;
        }
        throw new IllegalStateException("no token begins there: place=" + place);
    }

    private static int closing(List<SqlText.Token> tokens, int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new SqlRefusal(1003, "42000", "SQL compilation error: syntax error: a bracket is not closed.");
    }
}
