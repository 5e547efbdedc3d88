{{/* Base of all names: the release's, since a drill names its release. */}}
{{- define "deepseek.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that select the pods of a component. Arguments: root, component;
     group: number of the group whose followers they are */}}
{{- define "deepseek.selector" -}}
app.kubernetes.io/name: deepseek
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- with .group }}
muster.dev/group: {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "deepseek.labels" -}}
{{ include "deepseek.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "deepseek.priorityClass" -}}
{{ printf "%s-%s" .Release.Namespace (include "deepseek.name" .) }}
{{- end -}}

{{/* The Secret with the token by which workers are told to fail. */}}
{{- define "deepseek.faults.secret" -}}
{{ .Values.worker.faults.existingSecret | default (printf "%s-faults" (include "deepseek.name" .)) }}
{{- end -}}

{{/* Host name of the etcd member with that number. Arguments: root, number */}}
{{- define "deepseek.etcd.host" -}}
{{- $service := printf "%s-etcd" (include "deepseek.name" .root) -}}
{{ printf "%s-%d.%s.%s.svc.%s" $service (int .number) $service .root.Release.Namespace .root.Values.clusterDomain }}
{{- end -}}

{{/* Host name of the leader of the group with that number. Arguments: root, number */}}
{{- define "deepseek.leader.host" -}}
{{- $name := include "deepseek.name" .root -}}
{{ printf "%s-worker-%d.%s-group.%s.svc.%s" $name (int .number) $name .root.Release.Namespace .root.Values.clusterDomain }}
{{- end -}}

{{/* The client addresses of all members. */}}
{{- define "deepseek.etcd.endpoints" -}}
{{- $all := list -}}
{{- range $i := until (int .Values.etcd.replicas) -}}
{{- $all = append $all (printf "http://%s:2379" (include "deepseek.etcd.host" (dict "root" $ "number" $i))) -}}
{{- end -}}
{{ join "," $all }}
{{- end -}}
