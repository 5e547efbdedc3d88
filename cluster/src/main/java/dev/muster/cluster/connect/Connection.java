package dev.muster.cluster.connect;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Opens a cluster by kubeconfig, with errors that name the address and what to do. */
public final class Connection {
  private static final int OLDEST_MINOR = 26;
  private static final int TOO_MANY_REQUESTS = 429;

  private Connection() {}

  /**
   * Opens for work: slow answers are awaited and failures of the moment tried again.
   *
   * @param context null: the file's current one
   * @throws ClusterException if the file or the cluster cannot be used
   */
  public static KubernetesClient open(Path kubeconfig, @Nullable String context) {
    return open(kubeconfig, context, Limits.WORK);
  }

  /**
   * Opens for probes: no answer within 3 s, and any failure, is an answer too.
   *
   * @param context null: the file's current one
   * @throws ClusterException if the file or the cluster cannot be used
   */
  public static KubernetesClient probe(Path kubeconfig, @Nullable String context) {
    return open(kubeconfig, context, Limits.PROBE);
  }

  public static KubernetesClient open(Path kubeconfig, @Nullable String named, Limits limits) {
    KubeContext context = KubeContext.read(kubeconfig, named);
    KubernetesClient client = client(context, limits);
    try {
      int minor = minor(client).orElseThrow(() -> new ClusterException(stranger(context)));
      if (minor < OLDEST_MINOR) {
        throw new ClusterException("Kubernetes 1." + minor + " is older than 1." + OLDEST_MINOR);
      }
      return client;
    } catch (KubernetesClientException e) {
      client.close();
      throw new ClusterException(meaning(e, context));
    } catch (ClusterException e) {
      client.close();
      throw e;
    }
  }

  private static KubernetesClient client(KubeContext context, Limits limits) {
    try {
      Config config = config(context);
      ApiProxy.set(config, context.proxies(System.getenv()));
      Path token = context.tokenFile();
      if (token != null) { // the library does not know it; read each time, for others renew it
        config.setOauthTokenProvider(() -> read(token));
      }
      int answer = Math.toIntExact(limits.answer().toMillis());
      config.setRequestTimeout(answer);
      config.setConnectionTimeout(answer);
      config.setRequestRetryBackoffLimit(limits.retries());
      return new KubernetesClientBuilder()
          .withConfig(config)
          .withHttpClientBuilderConsumer(http ->
              http.preferHttp11() // a watch of its own connection can be cut without the others
                  .addOrReplaceInterceptor("limits", limits))
          .build();
    } catch (ClusterException e) {
      throw e;
    } catch (RuntimeException e) { // whatever its readers of keys throw
      throw new ClusterException(
          "%s: a certificate or a key of context %s can not be used: %s"
              .formatted(context.file(), context.name(), cause(e)));
    }
  }

  /** Without the program, which the library would give to a shell; then what the program gives. */
  private static Config config(KubeContext context) {
    ExecProgram program = context.program();
    if (program == null) {
      return Config.fromKubeconfig(context.name(), context.file().toFile());
    }
    Config config = Config.fromKubeconfig(program.config());
    if (context.tokenFile() == null) {
      var given = program.ask(ExecProgram.LIMIT, System.err);
      if (given.token() != null) {
        config.setOauthTokenProvider(
            new ExecToken(
                given, () -> program.ask(ExecProgram.LIMIT, System.err), Clock.systemUTC()));
      }
      if (given.certificate() != null && given.key() != null) {
        config.setClientCertData(base64(given.certificate()));
        config.setClientKeyData(base64(given.key()));
      }
    }
    return config;
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty where that is no version of Kubernetes; some write a plus behind the number. */
  private static Optional<Integer> minor(KubernetesClient client) {
    VersionInfo version = client.getKubernetesVersion();
    return Optional.ofNullable(version == null ? null : version.getMinor())
        .map(minor -> minor.replaceAll("\\D", ""))
        .filter(minor -> !minor.isEmpty())
        .map(Integer::valueOf);
  }

  private static String meaning(KubernetesClientException e, KubeContext context) {
    int code = e.getCode();
    String server = context.server();
    if (code <= 0) {
      return causes(e).anyMatch(IOException.class::isInstance)
          ? "can not reach the cluster at " + server + ": " + cause(e)
          : stranger(context);
    }
    String who = context.user().isEmpty() ? "requests without a user" : "user " + context.user();
    String said = code + " " + e.getStatus().getMessage();
    if (code >= HttpURLConnection.HTTP_INTERNAL_ERROR || code == TOO_MANY_REQUESTS) {
      return "the cluster at %s answers with an error (%s): try again, or see its API server's log"
          .formatted(server, said);
    }
    return switch (code) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the cluster at %s refuses %s (%s): renew the credentials of %s"
              .formatted(server, who, said, context.file());
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "the cluster at %s does not tell %s its version (%s): ClusterRole system:public-info-viewer allows it"
              .formatted(server, who, said);
      default -> stranger(context) + " (" + said + ")";
    };
  }

  private static String stranger(KubeContext context) {
    return "what answers at " + context.server() + " is no Kubernetes API";
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, each -> each != null, Throwable::getCause);
  }

  /** The libraries wrap what happened in words that do not say it. */
  public static String cause(Throwable e) {
    String said = "an unknown error";
    for (Throwable each : causes(e).toList()) {
      switch (each) {
        case HttpTimeoutException _ -> {
          return "no answer in time";
        }
        case UnresolvedAddressException _, UnknownHostException _ -> {
          return "the host's name is not known";
        }
        case SSLException _ -> {
          return causes(each).anyMatch(CertPathBuilderException.class::isInstance)
              ? "TLS: its certificate is of no certificate-authority that the kubeconfig names"
              : "TLS: " + each.getMessage();
        }
        case ConnectException _ -> said = "nobody listens there";
        case KubernetesClientException _ -> {
          // wrapping
        }
        default -> said = each.getMessage() == null ? said : each.getMessage();
      }
    }
    return said;
  }
}
