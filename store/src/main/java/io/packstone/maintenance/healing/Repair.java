package io.packstone.maintenance.healing;

import io.packstone.backend.ObjectNames;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport;
import io.packstone.maintenance.Survey;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.RepairLog;
import io.packstone.repository.Repository;
import io.packstone.snapshot.RepairFormat;
import io.packstone.snapshot.RepairRecord;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings back what is damaged. First bit by bit: parity, the second copy, a mirror. What then is still damaged is read
 * as far as it can be, and chunks that snapshots need are looked for in another repository and in the files they were
 * taken from; all that is stored in new packs, and the damaged ones go out of use. Nothing is deleted. A record says
 * what snapshots lack in the end; they stay.
 *
 * <p>To see what it would do, run it on a repository opened over a {@link TrialBackend}.
 */
public final class Repair {
    private static final Pattern NAME = Pattern.compile(
            "(config/[0-9]+|[a-z]+/[0-9a-f]{64}(\\.[a-z]+)*|gc/[a-z]+/[0-9a-f]{64}(\\.[a-z]+)*)(\\.b)?");

    private final Repository repository;
    private final Clock clock;
    private final RepairOptions options;
    private final BitRepair bits;
    private final List<RepairReport.Mended> mended = new ArrayList<>();
    private final List<RepairReport.Rewritten> rewritten = new ArrayList<>();
    private final List<String> indexed = new ArrayList<>();
    private final List<Scrub.Fault> unmended = new ArrayList<>();
    private final Set<PackId> mendedPacks = new HashSet<>();
    private final Set<SegmentId> mendedSegments = new HashSet<>();
    private final Set<PackId> ruined = new TreeSet<>();
    private final Set<SegmentId> ruinedSegments = new TreeSet<>();

    /** Of {@code repository}, whose index must be loaded. */
    public Repair(Repository repository, RepairOptions options, Clock clock) {
        this.repository = repository;
        this.options = options;
        this.clock = clock;
        this.bits = new BitRepair(repository.objects(), options.mirror());
    }

    /** Repairs. */
    public RepairReport run(ProgressListener progress) throws IOException {
        long begun = System.nanoTime();
        Check check = new Check(repository, clock);
        Survey survey = check.survey(progress);
        boolean isMoreKnown = mend(survey);
        repository.loadIndex();
        while (isMoreKnown) {
            survey = check.surveyAgain(survey, progress);
            isMoreKnown = mend(survey);
            repository.loadIndex();
        }
        ChunkRemedies remedies = new ChunkRemedies(repository, options);
        SnapshotSurvey result;
        try (RepairOutput output = new RepairOutput(repository)) {
            rescue(output);
            SnapshotSurvey first = new SnapshotSurvey(
                    repository, survey, mendedPacks, SnapshotSurvey.healing(repository, remedies, output));
            first.run(progress);
            fill(first, remedies, output);
            output.flush();
            index(output);
            output.end();
            result = first;
        }
        if (!remedies.found().isEmpty()) {
            result = new SnapshotSurvey(repository, survey, mendedPacks, repository.chunks());
            result.run(ProgressListener.NONE);
        }
        record(result);
        return new RepairReport(
                mended,
                rewritten,
                indexed,
                remedies.found(),
                unmended,
                result.losses(),
                result.lostParts(),
                (System.nanoTime() - begun) / 1e9);
    }

    /**
     * Packs and segments first: their parity can then be made again. True when a segment was mended for the first time, which
     * may speak of packs that are lost and that nobody knew of.
     */
    private boolean mend(Survey survey) throws IOException {
        unmended.clear();
        ruined.clear();
        ruinedSegments.clear();
        boolean isSegmentMended = false;
        List<CheckReport.Damage> inOrder = new ArrayList<>(survey.damage());
        inOrder.sort(Comparator.comparing(damage -> damage.object().startsWith(ObjectNames.PARITY)));
        Set<String> seen = new HashSet<>();
        for (CheckReport.Damage damage : inOrder) {
            Matcher name = NAME.matcher(damage.object());
            if (!name.find() || !seen.add(name.group())) {
                continue;
            }
            String object = name.group();
            String means = bits.mend(object);
            PackId pack = ObjectNames.packId(object);
            SegmentId segment = ObjectNames.segmentId(object);
            if (means != null) {
                mended.add(new RepairReport.Mended(object, means));
                isSegmentMended |= segment != null && mendedSegments.add(segment);
                if (pack != null) {
                    mendedPacks.add(pack);
                }
            } else if (pack != null) {
                ruined.add(pack);
            } else if (segment != null) {
                ruinedSegments.add(segment);
            } else {
                unmended.add(new Scrub.Fault(damage.kind(), object, damage.message()));
            }
        }
        return isSegmentMended;
    }

    private void rescue(RepairOutput output) throws IOException {
        ruined.forEach(repository.loader()::retire);
        PackRescue rescue = new PackRescue(repository, output);
        for (PackId pack : ruined) {
            rewritten.add(rescue.rescue(pack));
        }
        if (!ruinedSegments.isEmpty()) {
            output.supersede(ruinedSegments);
        }
        output.flush();
    }

    private static void fill(SnapshotSurvey survey, ChunkRemedies remedies, RepairOutput output) throws IOException {
        remedies.seek(survey.lost().values());
        for (LostChunk chunk : survey.lost().values()) {
            byte[] bytes = remedies.data(chunk);
            if (bytes != null) {
                output.store(chunk.id(), ChunkType.DATA, new byte[0], bytes);
            }
        }
    }

    /** Speaks of packs that snapshots need and no index segment does: one was lost, or an earlier repair was killed. */
    private void index(RepairOutput output) throws IOException {
        if (repository.index().lonePacks().isEmpty()) {
            return;
        }
        CheckReport report = new Check(repository, clock).run(CheckOptions.STRUCTURE, ProgressListener.NONE);
        report.errors().stream()
                .filter(damage -> damage.kind().equals("unindexed"))
                .forEach(damage -> indexed.add(damage.object()));
        if (!indexed.isEmpty()) {
            output.indexRest();
        }
    }

    /** Says what is out of use and what is lost, unless the newest record says the same. */
    private void record(SnapshotSurvey result) throws IOException {
        RepairLog.View before = repository.repairs().list(damage -> {});
        boolean same = ruined.isEmpty() && List.copyOf(before.losses().values()).equals(sorted(result.losses()));
        if (same) {
            return;
        }
        List<PackId> packs = List.copyOf(ruined);
        int from = 0;
        do {
            int to = Math.min(packs.size(), from + RepairFormat.RETIRED_MAX);
            repository
                    .repairs()
                    .put(new RepairRecord(
                            before.nextOrder(),
                            clock.instant().getEpochSecond(),
                            packs.subList(from, to),
                            sorted(result.losses()),
                            options.program()));
            from = to;
        } while (from < packs.size());
    }

    private static List<RepairRecord.Loss> sorted(List<RepairRecord.Loss> losses) {
        return losses.stream()
                .sorted(Comparator.comparing(RepairRecord.Loss::snapshot))
                .toList();
    }
}
