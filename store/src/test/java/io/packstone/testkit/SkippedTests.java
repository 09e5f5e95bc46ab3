package io.packstone.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says at the end of a run which tests did not run and why, so that a green build hides nothing. */
public final class SkippedTests implements TestExecutionListener {
    private final List<String> skipped = Collections.synchronizedList(new ArrayList<>());

    /** For JUnit, which finds it by its service file. */
    public SkippedTests() {}

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skipped.add(name(test) + ": " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            String reason = result.getThrowable().map(Throwable::getMessage).orElse("aborted");
            skipped.add(name(test) + ": " + reason.replaceFirst("^Assumption failed: ", ""));
        }
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(source -> source instanceof MethodSource)
                .map(source -> (MethodSource) source)
                .map(method -> method.getClassName().replaceFirst(".*\\.", "") + "." + method.getMethodName())
                .orElseGet(test::getDisplayName);
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        StringBuilder text = new StringBuilder("Skipped tests: " + skipped.size());
        skipped.forEach(line -> text.append("\n  ").append(line));
        System.out.println(text);
    }
}
