package dev.firn.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, without what stands behind an equals sign: it can be content. */
final class WrongUsage implements CommandLine.IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText(message(failure, args)));
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            command.usage(err, command.getColorScheme());
        }
        return Exit.USAGE;
    }

    private static String message(ParameterException failure, String[] args) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched.getUnmatched());
        }
        String message = String.valueOf(failure.getMessage());
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals >= 0) {
                message = message.replace(quoted(arg), quoted(shown(arg)))
                        .replace(quoted(arg.substring(equals + 1)), quoted("..."));
            }
        }
        return message;
    }

    private static String unmatched(List<String> arguments) {
        String shown =
                arguments.stream().map(argument -> quoted(shown(argument))).collect(Collectors.joining(", "));
        boolean option = arguments.get(0).startsWith("-");
        return (option ? "Unknown option: " : "Unknown command, or an argument too many: ") + shown;
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private static String shown(String argument) {
        int equals = argument.indexOf('=');
        return equals < 0 ? argument : argument.substring(0, equals + 1) + "...";
    }
}
