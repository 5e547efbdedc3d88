package dev.muster.cluster.run;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One drill at a time for each cluster: a lease that its holder renews every 10 s and that may be
 * taken over 40 s after the last renewal. Every write names the version that was read, so that of
 * two who take it at once only one does.
 */
public final class DrillLease implements AutoCloseable {
  public static final String NAMESPACE = "default";
  public static final String NAME = "muster-drill";
  static final Duration RENEWAL = Duration.ofSeconds(10);
  static final Duration LENGTH = Duration.ofSeconds(40);
  private static final String RUN = "muster.dev/run";
  private static final int CONFLICT = 409;

  /** Told from the thread that renews. */
  public interface Holder {
    /** A renewal did not succeed; the next is tried in 10 s, or it is lost. */
    void missed(String why);

    /**
     * It is another's, gone or expired, and is not renewed any more: two drills may be going on.
     */
    void lost(String to);
  }

  private final KubernetesClient client;
  private final Time time;
  private final Holder holder;
  private @Nullable String run;
  private Time.@Nullable Work renewing;
  private volatile Instant renewed = Instant.MIN;

  public DrillLease(KubernetesClient client, Time time, Holder holder) {
    this.client = client;
    this.time = time;
    this.holder = holder;
  }

  /**
   * Takes the lease and keeps it until {@link #close}. A run that was killed gets its own again.
   *
   * @return why not, and what to do; empty if it is held now
   */
  public Optional<String> acquire(String runId) throws InterruptedException {
    Lease found = read();
    if (found != null && !ours(found, runId)) {
      Optional<String> refusal = live(found);
      if (refusal.isPresent()) {
        return refusal;
      }
      // a renewal during a pause shows that its holder lives and only its clock is slow
      if (held(found)) {
        time.sleep(RENEWAL.plusSeconds(2));
        Lease again = read();
        if (again != null && !version(again).equals(version(found))) {
          return Optional.of(refusal(again));
        }
        found = again;
      }
    }
    try {
      write(found, runId);
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      Lease faster = read();
      if (faster == null) {
        return Optional.of(
            "the lease " + NAMESPACE + "/" + NAME + " was deleted meanwhile; try again");
      }
      if (!ours(faster, runId)) { // ours where the answer to a first try was lost
        return Optional.of(refusal(faster));
      }
    }
    run = runId;
    renewing = time.start("drill-lease", () -> renew(runId));
    return Optional.empty();
  }

  /** Gives it back, if it is still ours. */
  @Override
  public void close() {
    String mine = run;
    if (renewing != null) {
      renewing.interrupt();
      try {
        renewing.join(LENGTH); // a call that does not end ends with the process
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (mine == null) {
      return;
    }
    run = null;
    try {
      Lease found = read();
      if (found != null && ours(found, mine)) {
        client.resource(found).lockResourceVersion(version(found)).delete();
      }
    } catch (RuntimeException e) { // the end of a run must not fail by this
      holder.missed("not given back, it expires by itself: " + why(e));
    }
  }

  /** Gives back the lease of a run that was killed; another's stays. */
  public static void release(KubernetesClient client, String runId) {
    Lease found = client.leases().inNamespace(NAMESPACE).withName(NAME).get();
    if (found != null && ours(found, runId)) {
      client.resource(found).lockResourceVersion(version(found)).delete();
    }
  }

  private void renew(String runId) {
    while (true) {
      try {
        time.sleep(RENEWAL);
        if (expired()) {
          return;
        }
        Lease found = read();
        if (found == null) {
          holder.lost("nobody: it was deleted");
          return;
        }
        if (!ours(found, runId)) {
          holder.lost("run " + found.getSpec().getHolderIdentity());
          return;
        }
        write(found, runId);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) { // whatever it is, the lease must not lapse in silence
        if (Thread.interrupted()) {
          return; // the call was cut short by close
        }
        holder.missed(why(e));
        if (expired()) {
          return;
        }
      }
    }
  }

  /** Who looks now may take it. */
  private boolean expired() {
    Duration since = Duration.between(renewed, time.instant());
    if (since.compareTo(LENGTH) < 0) {
      return false;
    }
    holder.lost("whoever asks for it: it could not be renewed for " + since.toSeconds() + " s");
    return true;
  }

  private static String why(RuntimeException e) {
    return e instanceof KubernetesClientException api
        ? ApiErrors.why(api)
        : String.valueOf(e.getMessage());
  }

  private @Nullable Lease read() {
    return client.leases().inNamespace(NAMESPACE).withName(NAME).get();
  }

  /**
   * Creates it where there was none, replaces it where there was one; 409 if another was faster.
   */
  private void write(@Nullable Lease found, String runId) {
    ZonedDateTime now = time.instant().atZone(ZoneOffset.UTC);
    ZonedDateTime since =
        found != null && ours(found, runId) ? found.getSpec().getAcquireTime() : now;
    Lease lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(NAMESPACE)
            .addToLabels("app.kubernetes.io/managed-by", "muster")
            .addToAnnotations(RUN, runId)
            .withResourceVersion(found == null ? null : version(found))
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(runId)
            .withLeaseDurationSeconds(Math.toIntExact(LENGTH.toSeconds()))
            .withAcquireTime(since)
            .withRenewTime(now)
            .endSpec()
            .build();
    if (found == null) {
      client.resource(lease).create();
    } else {
      client.resource(lease).lockResourceVersion(version(found)).update();
    }
    renewed = now.toInstant();
  }

  private static String version(Lease lease) {
    return lease.getMetadata().getResourceVersion();
  }

  private static boolean held(Lease lease) {
    return lease.getSpec() != null
        && lease.getSpec().getHolderIdentity() != null
        && !lease.getSpec().getHolderIdentity().isEmpty();
  }

  private static boolean ours(Lease lease, String runId) {
    return held(lease) && lease.getSpec().getHolderIdentity().equals(runId);
  }

  private Optional<String> live(Lease lease) {
    return held(lease) && end(lease).isAfter(time.instant())
        ? Optional.of(refusal(lease))
        : Optional.empty();
  }

  private static Instant end(Lease lease) {
    ZonedDateTime renewed = lease.getSpec().getRenewTime();
    Integer seconds = lease.getSpec().getLeaseDurationSeconds();
    return renewed == null
        ? Instant.MIN
        : renewed
            .toInstant()
            .plusSeconds(Objects.requireNonNullElse(seconds, (int) LENGTH.toSeconds()));
  }

  private String refusal(Lease lease) {
    long left = Duration.between(time.instant(), end(lease)).toSeconds();
    return "run %s is going on in this cluster: it holds the lease %s/%s; wait until it is over, or"
            .formatted(lease.getSpec().getHolderIdentity(), NAMESPACE, NAME)
        + " if it was killed, undo it with 'muster cleanup' or try again in "
        + Math.max(left, 1)
        + " s";
  }
}
