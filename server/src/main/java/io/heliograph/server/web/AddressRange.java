package io.heliograph.server.web;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** An IP address, or a range of them in CIDR notation. Immutable. */
final class AddressRange {
    private final IpSubnetFilterRule rule;

    private AddressRange(IpSubnetFilterRule rule) {
        this.rule = rule;
    }

    /** Never looks up a name: only literal addresses are taken. */
    static Optional<AddressRange> parse(String text) {
        String[] parts = text.strip().split("/", 2);
        boolean four = NetUtil.isValidIpV4Address(parts[0]);
        if (!four && !NetUtil.isValidIpV6Address(parts[0])) {
            return Optional.empty();
        }
        int bits = four ? 32 : 128;
        if (parts.length == 2 && !parts[1].matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        int prefix = parts.length == 2 ? Integer.parseInt(parts[1]) : bits;
        return prefix > bits
                ? Optional.empty()
                : Optional.of(new AddressRange(new IpSubnetFilterRule(parts[0], prefix, IpFilterRuleType.ACCEPT)));
    }

    boolean contains(InetAddress address) {
        return rule.matches(new InetSocketAddress(address, 0));
    }
}
