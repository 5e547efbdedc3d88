package dev.muster.engine.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.cluster.run.LoadPods;
import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest.Tls;
import dev.muster.drill.PromptSource;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.load.pod.LoadPodConfig;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of a load are given: their order, and the files that it names, which are of the
 * machine on which Muster was started.
 */
record LoadPodInputs(LoadPodConfig order, Map<String, String> files) {
  /** A Secret holds 1 MiB with its names. */
  private static final int MOST = 1_000_000;

  /**
   * @param environment of which they get what the drill's headers name
   * @throws Refusal if a file that the drill names cannot be read
   */
  static LoadPodInputs of(
      Drill.Load load,
      int pods,
      URI endpoint,
      @Nullable String host,
      String run,
      Map<String, String> environment,
      String apiKey,
      String token) {
    Map<String, String> files = new HashMap<>();
    var request = load.request();
    var named = new HashMap<String, String>();
    request.variables().forEach(name -> named.put(name, environment.getOrDefault(name, "")));
    var there =
        new Drill.Load(
            moved(load.arrivals(), files),
            load.stream(),
            load.promptTokens(),
            load.answerTokens(),
            load.baseline(),
            load.timeout(),
            load.seed(),
            load.model(),
            request.with(moved(request.tls(), files)),
            load.inCluster(),
            moved(load.prompts(), files),
            load.compared(),
            load.retries(),
            load.reconnects());
    var order =
        new LoadPodConfig(there, endpoint.toString(), host, run, pods, named, apiKey, token);
    files.put("order.json", order.json());
    int bytes = files.values().stream().mapToInt(f -> f.getBytes(UTF_8).length).sum();
    if (bytes > MOST) {
      throw new Refusal(
          ExitCode.USAGE,
          "load.inCluster: the files that the load names have %d bytes, and its pods are given %d at most"
              .formatted(bytes, MOST));
    }
    return new LoadPodInputs(order, Map.copyOf(files));
  }

  private static Arrivals moved(Arrivals arrivals, Map<String, String> files) {
    if (!(arrivals instanceof Arrivals.Trace trace)) {
      return arrivals;
    }
    String name =
        "trace-"
            + Path.of(trace.file()).getFileName().toString().replaceAll("[^-._a-zA-Z0-9]", "_");
    return new Arrivals.Trace(moved(trace.file(), name, files), trace.column(), trace.unit());
  }

  private static List<PromptSource> moved(List<PromptSource> prompts, Map<String, String> files) {
    var there = new ArrayList<PromptSource>();
    for (var each : prompts) {
      String file = each.file();
      there.add(
          file == null
              ? each
              : each.with(moved(file, "prompts-" + there.size() + ".jsonl", files)));
    }
    return List.copyOf(there);
  }

  private static @Nullable Tls moved(@Nullable Tls tls, Map<String, String> files) {
    return tls == null
        ? null
        : new Tls(
            tls.ca() == null ? null : moved(tls.ca(), "ca.pem", files),
            tls.certificate() == null ? null : moved(tls.certificate(), "certificate.pem", files),
            tls.key() == null ? null : moved(tls.key(), "key.pem", files),
            tls.insecure());
  }

  private static String moved(String file, String name, Map<String, String> files) {
    try {
      files.put(name, Files.readString(Path.of(file)));
      return LoadPods.path(name);
    } catch (IOException e) {
      throw new Refusal(ExitCode.USAGE, "load: " + file + " can not be read: " + Trouble.why(e));
    }
  }
}
