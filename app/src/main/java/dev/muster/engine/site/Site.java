package dev.muster.engine.site;

import dev.muster.drill.port.Power;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a drill takes place: any Kubernetes, the lab or a foreign one. The engine knows no more of
 * it.
 *
 * @param context of the kubeconfig, null for its current one
 * @param power how nodes are switched, null where nothing can
 * @param endpoint base URL for the load, null until the drill names one
 * @param loadBalancer statistics of the load balancer in front of the ingress, HAProxy's CSV
 * @param settings that the API does not tell, for the blame (node-monitor-grace-period …)
 * @param environment facts for the report
 * @param reopen what another process needs to find this site again, kept in the run folder
 */
public record Site(
    Path kubeconfig,
    @Nullable String context,
    @Nullable Power power,
    @Nullable URI endpoint,
    @Nullable URI loadBalancer,
    Map<String, String> settings,
    Map<String, String> environment,
    Map<String, String> reopen) {}
