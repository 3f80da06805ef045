import java.io.FileInputStream;
import java.util.List;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Holds every file named on the command line against PDF/UA-1 and PDF/A-3a; ends with 1 if one of them fails, and says which rules. */
public final class Conformance {
    private static final List<String> STANDARDS = List.of("ua1", "3a");

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean allPass = files.length > 0;
        for (String file : files) {
            StringBuilder line = new StringBuilder(file);
            TreeMap<String, Integer> failures = new TreeMap<>();
            for (String standard : STANDARDS) {
                ValidationResult result = validate(file, PDFAFlavour.fromString(standard));
                line.append(result.isCompliant() ? "  passes " : "  FAILS ").append(standard);
                line.append(" (").append(result.getTotalAssertions()).append(" assertions)");
                allPass &= result.isCompliant();
                for (TestAssertion assertion : result.getTestAssertions()) {
                    if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                        String rule = standard + " " + assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                        failures.merge(rule + ": " + assertion.getMessage(), 1, Integer::sum);
                    }
                }
            }
            System.out.println(line);
            failures.forEach((rule, count) -> System.out.println("    " + count + " times " + rule));
        }
        System.exit(allPass ? 0 : 1);
    }

    private static ValidationResult validate(String file, PDFAFlavour standard) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), standard)) {
            return Foundries.defaultInstance().createValidator(standard, false).validate(parser);
        }
    }
}
