package dev.muster.lab.build;

import java.nio.file.Path;

/**
 * The programs that the lab runs and that Debian does not carry.
 *
 * @param version of Kubernetes, like 1.37.2
 * @param kubernetes folder with kube-apiserver, kube-controller-manager, kube-scheduler, kubelet,
 *     kube-proxy, kubectl
 * @param contourCrds the ingress controller's resource definitions
 */
public record Binaries(String version, Path kubernetes, Path contourCrds) {}
