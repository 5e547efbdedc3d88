package dev.muster.cluster.run;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Unready;
import dev.muster.drill.port.LoadCrew;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An Indexed Job of the agent's image in the run's namespace, with a Secret that all its pods read.
 * They have no rights, stand on no node that a fault takes, and as far apart as there is room. They
 * are asked through the API server.
 *
 * @param probe does not try again
 * @param token without which a pod answers nobody
 */
public record LoadPods(
    KubernetesClient client, KubernetesClient probe, RunNamespace namespace, String token)
    implements LoadCrew {
  static final String NAME = "load";
  static final int PORT = 8099;
  private static final String TOKEN = "x-muster-token";
  private static final String FOLDER = "/etc/muster-load";
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";
  private static final Map<String, String> OURS = Map.of("muster.dev/agent", NAME);
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final int OK = 200;

  /** A pod that is gone is replaced and said to be lost; the others must not go with it. */
  private static final int AS_OFTEN_AS_NEEDED = 100_000;

  private static final Set<String> HOPELESS =
      Set.of("ErrImageNeverPull", "ErrImagePull", "ImagePullBackOff", "InvalidImageName");

  private static final List<String> PROGRAM =
      List.of(
          "/jre/bin/java",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "-Xmx512m",
          "-cp",
          "/load/*",
          "dev.muster.load.pod.PodMain",
          FOLDER,
          Integer.toString(PORT));

  @Override
  public void start(int pods, Map<String, String> files, List<String> never) {
    try {
      namespace.make();
      client
          .secrets()
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName(NAME)
                  .withNamespace(namespace.name())
                  .withLabels(labels())
                  .endMetadata()
                  .withStringData(files)
                  .build())
          .create();
      client.batch().v1().jobs().resource(job(pods, never)).create();
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
  }

  private Job job(int pods, List<String> never) {
    Placement placement = Placement.among(client.nodes().list().getItems());
    return new JobBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace.name())
        .withLabels(labels())
        .endMetadata()
        .withNewSpec()
        .withCompletionMode("Indexed")
        .withCompletions(pods)
        .withParallelism(pods)
        .withBackoffLimit(AS_OFTEN_AS_NEEDED)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels())
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(0L)
        .withTolerations(placement.tolerations())
        .withAffinity(placement.affinity(never))
        .addNewTopologySpreadConstraint()
        .withMaxSkew(1)
        .withTopologyKey("kubernetes.io/hostname")
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(OURS)
        .endLabelSelector()
        .endTopologySpreadConstraint()
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(65532L)
        .withRunAsGroup(65532L)
        .withFsGroup(65532L)
        .endSecurityContext()
        .addNewVolume()
        .withName(NAME)
        .withNewSecret()
        .withSecretName(NAME)
        .withDefaultMode(0440)
        .endSecret()
        .endVolume()
        .addNewContainer()
        .withName(NAME)
        .withImage(namespace.image())
        .withImagePullPolicy("IfNotPresent")
        .withCommand(PROGRAM)
        .addNewVolumeMount()
        .withName(NAME)
        .withMountPath(FOLDER)
        .withReadOnly(true)
        .endVolumeMount()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .addToDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private Map<String, String> labels() {
    var labels = new java.util.TreeMap<>(RunNamespace.OURS);
    labels.put(RunNamespace.RUN, RunNamespace.label(namespace.run()));
    labels.putAll(OURS);
    return labels;
  }

  /** Where a file stands in a pod. */
  public static String path(String file) {
    return FOLDER + "/" + file;
  }

  @Override
  public Optional<List<Member>> members() {
    try {
      return Optional.of(
          probe.pods().inNamespace(namespace.name()).withLabels(OURS).list().getItems().stream()
              .map(LoadPods::member)
              .toList());
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  private static Member member(Pod pod) {
    Map<String, String> notes = pod.getMetadata().getAnnotations();
    String index = notes == null ? null : notes.get(INDEX);
    return new Member(
        index == null ? -1 : Integer.parseInt(index),
        Pods.name(pod),
        pod.getMetadata().getUid(),
        Pods.node(pod).orElse(""),
        trouble(pod),
        Unready.state(pod),
        pod.getStatus() != null
            && "Running".equals(pod.getStatus().getPhase())
            && !Pods.terminating(pod));
  }

  private static String trouble(Pod pod) {
    if (Pods.terminating(pod)) {
      return "it was deleted";
    }
    if (Pods.finished(pod)) {
      String why = pod.getStatus().getReason();
      return "it ended: " + Unready.state(pod) + (why == null ? "" : ", " + why);
    }
    return Pods.statuses(pod).stream()
        .filter(s -> s.getState() != null && s.getState().getWaiting() != null)
        .map(s -> s.getState().getWaiting())
        .filter(w -> HOPELESS.contains(String.valueOf(w.getReason())))
        .map(w -> w.getReason() + " " + w.getMessage())
        .findFirst()
        .orElse("");
  }

  @Override
  public String ask(String pod, String query) throws IOException, InterruptedException {
    String url =
        "%s/api/v1/namespaces/%s/pods/%s:%d/proxy/?%s"
            .formatted(
                probe.getMasterUrl().toString().replaceAll("/+$", ""),
                namespace.name(),
                pod,
                PORT,
                query);
    try {
      HttpResponse<String> response =
          probe
              .getHttpClient()
              .sendAsync(
                  probe
                      .getHttpClient()
                      .newHttpRequestBuilder()
                      .uri(url)
                      .header(TOKEN, token)
                      .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                      .build(),
                  String.class)
              .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      String said = response.body();
      if (response.code() != OK || said == null) {
        throw new IOException("HTTP " + response.code() + " " + said);
      }
      return said;
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + ANSWER.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(Connection.cause(e), e);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "load pods in namespace " + namespace.name();
  }
}
