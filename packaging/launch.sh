# Functions of both launchers: the one of the repository and the one of the packages. POSIX sh, to be sourced.
# They use: java (the JVM to run), app (folder of the unpacked server), started_at (milliseconds since 1970).

# When the launcher began, for the start-up time that the server prints.
now_millis() {
  now=$(date +%s%3N 2>/dev/null || echo 0)
  case $now in *[!0-9]*) now=$(date +%s)000 ;; esac # a date without %N
  echo "$now"
}

# G1 with short pauses, because an event waits for the collector; another collector may be asked for.
jvm_options() {
  printf '%s ' -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError
  case " ${HELIOGRAPH_JAVA_OPTS:-} " in
    *" -XX:+Use"*"GC "*) ;;
    *) printf '%s ' -XX:+UseG1GC -XX:MaxGCPauseMillis=10 ;;
  esac
}

# Unpacks the jar $1 into $app and lets the JVM record, in one short run on a folder that is thrown away, which classes
# a start needs (JEP 483, 514). Without that cache the server works the same but starts later.
unpack_server() {
  rm -rf "$app"
  "$java" -Djarmode=tools -jar "$1" extract --destination "$app" >&2 || die "the server's jar could not be unpacked"
  touch "$app/server.jar"
  # shellcheck disable=SC2046 # options are words
  "$java" --enable-native-access=ALL-UNNAMED $(jvm_options) -XX:AOTCacheOutput="$app/server.aot" -Dspring.context.exit=onRefresh \
    -jar "$app/server.jar" serve --port 0 --data "$app/training" >"$app/training.log" 2>&1 ||
    say "heliograph: no start-up cache could be made (see $app/training.log); starting takes longer without it"
  rm -rf "$app/training"
}

# Runs the server's own command line in place of the launcher.
run_server() { # arguments
  HELIOGRAPH_STARTED_AT=$started_at
  export HELIOGRAPH_STARTED_AT
  cache=
  [ ! -f "$app/server.aot" ] || cache="-XX:AOTCache=$app/server.aot"
  # shellcheck disable=SC2046,SC2086 # options are words
  exec "$java" --enable-native-access=ALL-UNNAMED $(jvm_options) ${cache:+"$cache"} -Xlog:disable -Xlog:all=error:stderr ${HELIOGRAPH_JAVA_OPTS:-} \
    ${settings:+"$settings"} -jar "$app/server.jar" "$@"
}
