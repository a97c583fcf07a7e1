# ./heliograph package: sourced by the launcher, after the build. POSIX sh.
#
# One build becomes heliograph-VERSION-linux-ARCH.tar.gz, heliograph_VERSION_ARCH.deb and their list of parts. The layout
# of a package, below any folder:
#   bin/heliograph   packaging/heliograph.sh
#   app/             the unpacked server, its AOT cache, what the launcher sources
#   runtime/         the JVM, with the modules that the server uses
#   etc/             heliograph.properties

# What the server and its libraries load, some of it by reflection: jdeps does not see all. jdk.jcmd is for whoever
# looks at a running server (heap dumps, thread dumps, flight recordings).
runtime_modules=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.prefs,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.transaction.xa,java.xml,jdk.attach,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.management.jfr,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs

make_packages() { # folder
  [ "$(uname -s)" = Linux ] || die "packages are made on Linux only; this is $(uname -s)"
  need_package dpkg-deb dpkg
  install_web
  version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$root/pom.xml" | head -n 1)
  case $(uname -m) in
    x86_64) arch=x64 debian_arch=amd64 ;;
    aarch64) arch=arm64 debian_arch=arm64 ;;
    *) die "packages are made on x86_64 and aarch64 only; this machine is $(uname -m)" ;;
  esac
  mkdir -p "$1"
  out=$(CDPATH='' cd -- "$1" && pwd)
  stage=$out/stage
  name=heliograph-$version
  rm -rf "$stage"
  mkdir -p "$stage"

  say "heliograph: making the packages of $version in $out"
  make_image "$stage/$name"
  make_tarball "$out/heliograph-$version-linux-$arch.tar.gz"
  make_deb "$out/heliograph_$(debian_version)_$debian_arch.deb"
  rm -rf "$stage"
  (cd "$out" && sha256sum "heliograph-$version-linux-$arch.tar.gz" "heliograph_$(debian_version)_$debian_arch.deb" >SHA256SUMS)
  printf '%s\n' "$out/heliograph-$version-linux-$arch.tar.gz" "$out/heliograph_$(debian_version)_$debian_arch.deb" "$out/SHA256SUMS"
}

debian_version() { printf '%s' "$version" | tr - '~'; } # ~ sorts before the release

make_image() { # folder
  image=$1
  mkdir -p "$image/bin" "$image/etc"
  "$JAVA_HOME/bin/jlink" --add-modules "$runtime_modules" --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 \
    --output "$image/runtime" >&2 || die "jlink could not make the runtime"
  # The cache belongs to the JVM that runs the server, so that one makes it.
  (java=$image/runtime/bin/java app=$image/app unpack_server "$server_jar")
  rm -f "$image/app/training.log"
  cp "$root/packaging/launch.sh" "$root/packaging/usage.txt" "$image/app/"
  install -m 755 "$root/packaging/heliograph.sh" "$image/bin/heliograph"
  cp "$root/packaging/heliograph.properties" "$image/etc/"
  cp "$root/LICENSE" "$root/README.md" "$root/CHANGELOG.md" "$image/"
  make_sbom "$image/sbom.cdx.json"
}

make_sbom() { # file
  java_version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$image/runtime/release")
  (cd "$stage" && "$JAVA_HOME/bin/jar" --extract --file "$server_jar" META-INF/sbom/application.cdx.json) || die "the server's jar has no list of its parts"
  (cd "$root/web/apps/dashboard" && node ../../scripts/sbom.mjs) || die "npm could not list the dashboard's parts"
  mv "$root/web/apps/dashboard/sbom.cdx.json" "$stage/dashboard.cdx.json"
  node "$root/packaging/sbom.mjs" "$stage/META-INF/sbom/application.cdx.json" "$stage/dashboard.cdx.json" "$java_version" "$1" || die "the lists of parts could not be joined"
}

make_tarball() { # file
  tar --create --gzip --file "$1" --directory "$stage" --sort=name --owner=0 --group=0 --numeric-owner "$name"
  cp "$stage/$name/sbom.cdx.json" "$1.cdx.json"
}

make_deb() { # file
  tree=$stage/deb
  home=$tree/usr/lib/heliograph
  mkdir -p "$tree/DEBIAN" "$tree/usr/lib" "$tree/usr/bin" "$tree/etc/heliograph" "$tree/etc/default" "$tree/usr/lib/systemd/system" \
    "$tree/usr/lib/sysusers.d" "$tree/usr/share/doc/heliograph"
  mv "$stage/$name" "$home"
  sed 's:^#heliograph.data=.*:heliograph.data=/var/lib/heliograph:' "$home/etc/heliograph.properties" >"$tree/etc/heliograph/heliograph.properties"
  rm -r "$home/etc"
  ln -s /etc/heliograph "$home/etc"
  ln -s ../lib/heliograph/bin/heliograph "$tree/usr/bin/heliograph"
  mv "$home/LICENSE" "$tree/usr/share/doc/heliograph/copyright"
  mv "$home/README.md" "$home/CHANGELOG.md" "$home/sbom.cdx.json" "$tree/usr/share/doc/heliograph/"
  echo heliograph >"$home/app/user"
  install -m 644 "$root/packaging/debian/heliograph.default" "$tree/etc/default/heliograph"
  install -m 644 "$root/packaging/debian/heliograph.service" "$tree/usr/lib/systemd/system/heliograph.service"
  install -m 644 "$root/packaging/debian/heliograph.sysusers" "$tree/usr/lib/sysusers.d/heliograph.conf"
  size=$(du -sk "$tree" | cut -f 1)
  sed -e "s/@VERSION@/$(debian_version)/" -e "s/@ARCH@/$debian_arch/" -e "s/@SIZE@/$size/" "$root/packaging/debian/control" >"$tree/DEBIAN/control"
  cp "$root/packaging/debian/conffiles" "$tree/DEBIAN/"
  install -m 755 "$root/packaging/debian/postinst" "$root/packaging/debian/prerm" "$root/packaging/debian/postrm" "$tree/DEBIAN/"
  cp "$tree/usr/share/doc/heliograph/sbom.cdx.json" "$1.cdx.json"
  dpkg-deb --root-owner-group --build -Zgzip "$tree" "$1" >/dev/null || die "dpkg-deb could not make the package"
}
