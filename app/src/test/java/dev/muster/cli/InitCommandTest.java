package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
  private static final String DEPLOYMENT =
      """
      {"metadata": {"name": "%s", "namespace": "%s"},
       "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "%1$s", "tier": "1"}},
                "template": {"metadata": {"labels": {"app": "%1$s", "tier": "1", "x": "y"}}}}}\
      """;

  private static final Map<String, String> LISTS =
      Map.of(
          "/apis/apps/v1/deployments",
          String.join(
              ",",
              DEPLOYMENT.formatted("vllm", "llm"),
              DEPLOYMENT.formatted("gateway", "llm"),
              DEPLOYMENT.formatted("coredns", "kube-system"),
              DEPLOYMENT.formatted("shop", "shop")),
          "/apis/apps/v1/namespaces/llm/deployments",
          DEPLOYMENT.formatted("vllm", "llm"),
          "/api/v1/namespaces/llm/services",
          """
          {"metadata": {"name": "vllm"}, "spec": {"selector": {"app": "vllm"}, "ports": [{"port": 8000}]},
           "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}}
          """,
          "/apis/networking.k8s.io/v1/namespaces/llm/ingresses",
          """
          {"metadata": {"name": "i"}, "spec": {"tls": [{"hosts": ["llm.example.com"]}],
            "rules": [{"host": "llm.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix",
              "backend": {"service": {"name": "vllm", "port": {"number": 8000}}}}]}}]}}
          """);

  @TempDir Path folder;

  private static boolean lists(StubApi api, HttpExchange of) throws IOException {
    String path = of.getRequestURI().getPath();
    if (path.matches(".*/(deployments|statefulsets)/[^/]+")) {
      boolean there = path.equals("/apis/apps/v1/namespaces/llm/deployments/vllm");
      StubApi.answer(
          of,
          there ? 200 : 404,
          there ? DEPLOYMENT.formatted("vllm", "llm") : "{\"kind\": \"Status\", \"code\": 404}");
      return true;
    }
    String items = LISTS.get(of.getRequestURI().getPath());
    if (items != null) {
      StubApi.answer(of, 200, "{\"kind\": \"List\", \"metadata\": {}, \"items\": [" + items + "]}");
    }
    return items != null;
  }

  /** Of somebody who may look at nothing but objects whose path ends so. */
  private static StubApi.Failure only(String end) {
    return (api, of) -> {
      String path = of.getRequestURI().getPath();
      if (path.endsWith(end) || path.equals("/version")) {
        return lists(api, of);
      }
      StubApi.answer(of, 403, "{\"kind\": \"Status\", \"message\": \"it is forbidden: User u\"}");
      return true;
    };
  }

  private Ended init(String answers, String... options) throws IOException {
    return init(InitCommandTest::lists, answers, options);
  }

  private Ended init(StubApi.Failure cluster, String answers, String... options)
      throws IOException {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)));
    try (StubApi api = new StubApi(cluster)) {
      List<String> words = new ArrayList<>(List.of("init", "" + folder.resolve("d.yaml")));
      words.addAll(List.of("--kubeconfig", api.kubeconfig(folder).toString()));
      words.addAll(List.of(options));
      Ended ended = Ended.of(words.toArray(String[]::new));
      assertThat(api.asked()).allMatch(request -> request.startsWith("GET "));
      return ended;
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void whatIsAskedIsAnsweredByNumberOrName() throws IOException {
    Ended ended = init("llm\n1\n1\n", "--model", "qwen");
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(ended.output()).contains("written: ", "next: muster doctor --kubeconfig");
    Path file = folder.resolve("d.yaml");
    assertThat(Files.readString(file))
        .startsWith("# yaml-language-server: $schema=drill.schema.json\n");
    assertThat(folder.resolve("drill.schema.json")).content().isEqualTo(DrillFile.schema());
    Drill drill = DrillFile.read(file);
    assertThat(drill.metadata().name()).isEqualTo("vllm-pod-kill");
    assertThat(drill.target().namespace()).isEqualTo("llm");
    assertThat(drill.target().endpoint()).isEqualTo("https://llm.example.com");
    assertThat(Files.readString(file)).contains("{\"app\": \"vllm\", \"tier\": \"1\"}", "\"qwen\"");
    Ended again = init("llm\n1\n1\n");
    assertThat(again.exit()).isEqualTo(64);
    assertThat(again.errors()).contains("d.yaml is there already and is not overwritten");
  }

  @Test
  void withOptionsNothingIsAsked() throws IOException {
    Ended ended = init("", "--workload", "Deployment/vllm", "--endpoint", "http://192.0.2.7:8000");
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(DrillFile.read(folder.resolve("d.yaml")).target().endpoint())
        .isEqualTo("http://192.0.2.7:8000");
    Files.delete(folder.resolve("d.yaml"));
    ended = init("", "--workload", "Deployment/shop");
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(DrillFile.read(folder.resolve("d.yaml")).load()).isNull();
  }

  @Test
  void whatIsNotSaidAndNotThereIsRefusedWithWhatThereIs() throws IOException {
    Ended ended = init("");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("give --namespace: one of llm, shop");
    ended = init("", "--namespace", "llm", "--workload", "Deployment/vlm");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("no workload Deployment/vlm; there is Deployment/vllm");
    ended = init("", "--workload", "Deployment/vllm");
    assertThat(ended.errors())
        .contains("give --endpoint: one of https://llm.example.com, http://192.0.2.7:8000, none");
    ended = init("", "--workload", "Deployment/vllm", "--endpoint", "llm.example.com");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("ingress or an http(s) URL");
    assertThat(folder.resolve("d.yaml")).doesNotExist();
    assertThat(Ended.of("init").errors()).contains("--context NAME");
  }

  @Test
  void whoNamesAllNeedsNoRightButToThatWorkload() throws IOException {
    Ended ended =
        init(
            only("/deployments/vllm"),
            "",
            "--namespace",
            "llm",
            "--workload",
            "Deployment/vllm",
            "--endpoint",
            "none");
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(folder.resolve("d.yaml")).content().contains("{\"app\": \"vllm\", \"tier\": \"1\"}");
  }

  @Test
  void whoMayNotLookIsToldWhatToDo() throws IOException {
    Ended ended = init(only("none"), "", "--namespace", "llm", "--workload", "Deployment/vllm");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors())
        .contains("it is forbidden: User u; let an administrator run 'muster init', or write")
        .contains("'muster explain target'");
    assertThat(init(only("none"), "").errors())
        .contains("it is forbidden: User u; give --namespace and --workload KIND/NAME");
    ended =
        init(only("/deployments/vllm"), "", "--namespace", "llm", "--workload", "Deployment/vllm");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("it is forbidden: User u; give --endpoint URL, or");
  }

  /** Who sends to the host alone gets another service's answers, or none. */
  @Test
  void thePathOfTheRuleThatLeadsToItIsOffered() throws IOException {
    String rule =
        """
        {"host": "%s", "http": {"paths": [
          {"path": "%s", "pathType": "%s", "backend": {"service": {"name": "vllm"}}},
          {"path": "/other", "pathType": "Prefix", "backend": {"service": {"name": "shop"}}}]}}\
        """;
    String rules =
        String.join(
            ",",
            rule.formatted("a.example", "/models/v1/", "Prefix"),
            rule.formatted("b.example", "/v1.0", "ImplementationSpecific"),
            rule.formatted("c.example", "/llm(/|$)(.*)", "ImplementationSpecific"),
            rule.formatted("d.example", "/chat/completions", "Exact"),
            "{\"host\": \"e.example\"}");
    Ended ended =
        init(
            (api, of) -> {
              if (of.getRequestURI().getPath().endsWith("/ingresses")) {
                StubApi.answer(
                    of,
                    200,
                    "{\"kind\": \"List\", \"metadata\": {}, \"items\": [{\"metadata\": {\"name\":"
                        + " \"i\"}, \"spec\": {\"rules\": ["
                        + rules
                        + "]}}]}");
                return true;
              }
              return lists(api, of);
            },
            "",
            "--workload",
            "Deployment/vllm");
    assertThat(ended.errors())
        .contains(
            "one of http://a.example/models/v1, http://b.example/v1.0, http://c.example,"
                + " http://d.example, http://192.0.2.7:8000, http://e.example, none");
  }
}
