package dev.muster.cluster.connect;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.time.RealTime;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.io.EOFException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists of whatever length, 500 objects at a time: none of the answers is so large that it could
 * not come within the limit of one request.
 */
public final class Pages {
  private static final long PAGE = 500;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int TRIES = 3;

  private Pages() {}

  /**
   * A whole list.
   *
   * @param version of the cluster as it was listed, from which a watch goes on
   */
  public record Listed<T>(List<T> items, String version) {}

  /**
   * All objects of a list.
   *
   * @throws KubernetesClientException if a page cannot be had, or the list does not end in 2 min
   */
  public static <T extends HasMetadata> List<T> all(
      Listable<? extends KubernetesResourceList<T>> of) {
    return listed(of, LONGEST).items();
  }

  /**
   * The same with its version.
   *
   * @param atMost for all pages together
   */
  public static <T extends HasMetadata> Listed<T> listed(
      Listable<? extends KubernetesResourceList<T>> of, Duration atMost) {
    long deadline = RealTime.TIME.nanos() + atMost.toNanos();
    for (int tried = 1; ; tried++) {
      try {
        return inOneGo(of, deadline, atMost);
      } catch (KubernetesClientException e) {
        // compacted between two pages, or cut off in the middle of one
        if (tried == TRIES || !(e.getCode() == HttpURLConnection.HTTP_GONE || cut(e))) {
          throw e;
        }
      }
    }
  }

  private static <T extends HasMetadata> Listed<T> inOneGo(
      Listable<? extends KubernetesResourceList<T>> of, long deadline, Duration atMost) {
    List<T> items = new ArrayList<>();
    @Nullable String next = null;
    while (true) {
      KubernetesResourceList<T> page =
          of.list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
      items.addAll(page.getItems());
      next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
      if (next == null || next.isEmpty()) {
        String version =
            page.getMetadata() == null ? null : page.getMetadata().getResourceVersion();
        return new Listed<>(items, version == null ? "" : version);
      }
      if (RealTime.TIME.nanos() > deadline) {
        throw new KubernetesClientException(
            "a list had no end after %s and %d objects"
                .formatted(DurationText.of(atMost), items.size()));
      }
    }
  }

  private static boolean cut(KubernetesClientException e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof EOFException) {
        return true;
      }
    }
    return false;
  }
}
