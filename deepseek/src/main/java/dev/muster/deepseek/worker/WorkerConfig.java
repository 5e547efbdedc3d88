package dev.muster.deepseek.worker;

import dev.muster.deepseek.fault.FaultToken;
import dev.muster.deepseek.group.GroupConfig;
import dev.muster.deepseek.prefill.PrefillConfig;
import dev.muster.deepseek.wire.Env;
import dev.muster.deepseek.worker.profile.ModelLoad;
import dev.muster.deepseek.worker.profile.Profile;
import dev.muster.deepseek.worker.profile.Speed;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A worker's configuration.
 *
 * @param host address to listen on
 * @param address where gateways reach this worker, IP and port; port 0 means the one listened on
 * @param etcd members; empty means that the worker does not register
 * @param leaseTtl how long a lost worker stays registered
 * @param grace bound for running requests to finish on SIGTERM
 * @param load how long the model takes to load
 * @param speed how fast and how large the modelled machine is
 * @param maxWaiting requests that may wait for a place in the batch; more get 503
 * @param contextTokens bound for prompt and answer together, which fit into the KV cache; what is
 *     longer gets 400
 * @param naturalTokens bound for the length of an answer
 * @param reasoningShare part of the tokens that is thinking, when thinking is on
 * @param canaryBound so long {@code /health_generate} waits for a token, in real time
 * @param group the pods that hold the model together
 * @param prefill who reads the prompts
 * @param faultToken by which faults may be asked for; without it nobody may
 */
public record WorkerConfig(
    String host,
    int port,
    String pod,
    String address,
    List<URI> etcd,
    Duration leaseTtl,
    Duration grace,
    ModelLoad load,
    Speed speed,
    int maxWaiting,
    int contextTokens,
    int naturalTokens,
    double reasoningShare,
    Duration canaryBound,
    GroupConfig group,
    PrefillConfig prefill,
    FaultToken faultToken) {

  /**
   * @throws IllegalArgumentException naming every bad variable
   */
  public static WorkerConfig from(Map<String, String> environment) {
    var env = new Env(environment);
    var port = env.integer("PORT", 8000, 0, 65_535);
    var pod = env.text("POD_NAME", env.text("HOSTNAME", "worker"));
    var profile = env.one("PROFILE", Profile.class, Profile.LAB);
    // 60 means: what takes a minute on the modelled machine takes a second here
    var scale = env.number("TIME_SCALE", 1, 0.001, 100_000);
    var speed = Speed.from(env, profile.speed(), scale);
    var context = env.integer("CONTEXT_TOKENS", 1_048_576, 2, Integer.MAX_VALUE / 2);
    var config =
        new WorkerConfig(
            env.text("HOST", "0.0.0.0"),
            port,
            pod,
            env.text("ADVERTISE_ADDRESS", env.text("POD_IP", "127.0.0.1") + ":" + port),
            env.uris("ETCD_ENDPOINTS", ""),
            env.duration("LEASE_TTL", "5s"),
            env.duration("SHUTDOWN_GRACE", "25s"),
            ModelLoad.from(env, profile, scale),
            speed,
            env.integer("MAX_WAITING", 128, 0, 100_000),
            Math.min(context, speed.kvBlocks() * KvCache.BLOCK),
            env.integer("NATURAL_TOKENS", 1_000_000, 1, 1_000_000),
            env.number("REASONING_SHARE", 0.2, 0, 1),
            env.duration("HEALTH_GENERATE_TIMEOUT", "5s"),
            GroupConfig.from(env, pod),
            PrefillConfig.from(
                env, profile.kvGigabytesPerSecond(), speed.prefillPerSecond(), scale),
            new FaultToken(env.text("FAULTS_TOKEN", "")));
    env.check();
    return config;
  }
}
